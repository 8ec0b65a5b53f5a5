"""Asking to follow, confirming, and stopping, which erases the address.

Links in mails name a follow by a signed number; only this site can make one.
"""

from datetime import timedelta

from django.conf import settings
from django.core import mail, signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.following.targets import target_of
from portal.models import Follow
from projects.letters import letter

SALT = "following"
# What nobody confirms is erased.
UNCONFIRMED_FOR = timedelta(days=3)
# Mails that ask for a confirmation, to one address within a day: nobody is to be pestered.
ASKED_PER_DAY = 3


def ask_to_follow(*, email: str, kind: str, key: str) -> None:
    """Have a mail sent that asks to confirm; what is followed already is answered alike, silently.

    Raises LookupError where there is no such thing.
    """
    target = target_of(kind, key)
    with transaction.atomic():
        same = Follow.objects.filter(email__iexact=email)
        if same.confirmed().filter(kind=kind, key=target.key).exists():
            return
        day = timezone.now() - timedelta(days=1)
        if same.filter(confirmed_at=None, asked_at__gt=day).count() >= ASKED_PER_DAY:
            return
        follow, _is_new = Follow.objects.update_or_create(
            email=email, kind=kind, key=target.key,
            defaults={"language": get_language() or settings.LANGUAGE_CODE,
                      "asked_at": timezone.now()},
        )  # fmt: skip
        _confirmation(follow, target.name).send()


def confirm(*, follow: Follow) -> None:
    """Whoever reads the mail of this address wants it; news count from now."""
    if follow.confirmed_at is None:
        follow.confirmed_at = follow.told_until = timezone.now()
        follow.save(update_fields=["confirmed_at", "told_until"])


def stop(*, token: str, everything: bool = False) -> None:
    """Erase the follow of a link, or all of its address; nothing of it is kept."""
    pk, email = _told_by(token)
    rows = Follow.objects.filter(email__iexact=email)
    (rows if everything else rows.filter(pk=pk)).delete()


def erase_unconfirmed() -> int:
    """Erase what was not confirmed in time."""
    rows = Follow.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - UNCONFIRMED_FOR)
    return rows.delete()[0]


def token_of(follow: Follow) -> str:
    """What the links in a mail name the follow by."""
    return signing.Signer(salt=SALT).sign_object([follow.pk, follow.email])


def follow_of(token: str) -> Follow | None:
    """The follow of a link; None once it is erased. Raises BadSignature for one that is made up."""
    pk, email = _told_by(token)
    return Follow.objects.filter(pk=pk, email=email).first()


def _told_by(token: str) -> tuple[int, str]:
    pk, email = signing.Signer(salt=SALT).unsign_object(token)
    return pk, email


def stop_url(follow: Follow) -> str:
    """The page that stops it."""
    return settings.SITE_URL + reverse("follow-stop", args=[token_of(follow)])


def _confirmation(follow: Follow, name: str) -> mail.EmailMessage:
    link = settings.SITE_URL + reverse("follow-confirm", args=[token_of(follow)])
    paragraphs = [
        _("Somebody, perhaps you, asked us to tell this address what changes about:"),
        name,
        _("If it was you, confirm it here: %(url)s") % {"url": link},
        _("If not, do nothing. We erase this address within three days."),
    ]
    return letter(follow.email, _("please confirm"), paragraphs)
