"""A message to the office is taken on, answered by mail, or closed. Raises ValidationError."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.web.languages import language_for, speaking
from portal.models import Feedback
from projects.letters import letter
from projects.models import Office, User


def assign(*, feedback: Feedback, to: User) -> None:
    """Somebody takes it on."""
    with transaction.atomic():
        current = _waiting(feedback)
        current.state, current.assigned_to = Feedback.State.ASSIGNED, to
        current.save(update_fields=["state", "assigned_to"])


def answer(*, feedback: Feedback, by: User, text: str) -> None:
    """Mail the answer to whoever asked; it is kept. Without an address it is only kept."""
    with transaction.atomic():
        current = _waiting(feedback)
        if not text.strip():
            raise ValidationError(_("Write an answer first."))
        current.answer = text
        _handle(current, Feedback.State.ANSWERED, by)
        if current.email:
            office = Office.current()
            quoted = "\n".join(f"> {line}" for line in current.message.splitlines())
            with speaking(language_for(current, office)):
                letter(
                    current.email,
                    current.get_topic_display(),
                    [text],
                    quoted=quoted,
                    reply_to=office.feedback_email,
                ).send()


def close(*, feedback: Feedback, by: User) -> None:
    """It needs no answer."""
    with transaction.atomic():
        _handle(_waiting(feedback), Feedback.State.CLOSED, by)


def _waiting(feedback: Feedback) -> Feedback:
    current = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if current.state in (Feedback.State.ANSWERED, Feedback.State.CLOSED):
        raise ValidationError(
            _("It was handled meanwhile: %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def _handle(current: Feedback, state: str, by: User) -> None:
    current.state, current.handled_at, current.handled_by = state, timezone.now(), by
    current.assigned_to = current.assigned_to or by
    current.save(update_fields=["state", "assigned_to", "answer", "handled_at", "handled_by"])
