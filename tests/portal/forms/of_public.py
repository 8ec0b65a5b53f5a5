"""Forms that ask for no sign-in."""

from django.urls import reverse as at

from portal.following.services import token_of as follow_token
from portal.models import Feedback, Follow, ReminderStop
from portal.reporting.reminders import token_of
from tests.portal.forms.people import World
from tests.portal.forms.table import Place, form


@form("feedback", Feedback, by="", sent={"topic": "site", "message": "Why?"}, typed="message",
      says="Thank you")  # fmt: skip
def _a_question(_world: World) -> Place:
    return Place(at("feedback"))


@form("follow", Follow, by="", sent={"email": "reader@x.org"}, says="Check your e-mail", mails=1)
def _following_by_mail(world: World) -> Place:
    return Place(f"{at('follow')}?kind=project&key={world.project.number}", at("follow"))


def _follow(world: World) -> Follow:
    return Follow.objects.create(
        email="reader@x.org", kind="project", key=world.project.number, language="en"
    )


@form("follow-confirm", Follow, by="", here=True, says="Confirmed.", told="Confirmed.")
def _confirming_to_follow(world: World) -> Place:
    return Place(at("follow-confirm", args=[follow_token(_follow(world))]))


@form("follow-stop", Follow, by="", here=True, says="No more mail", told="No more mail")
def _following_no_more(world: World) -> Place:
    return Place(at("follow-stop", args=[follow_token(_follow(world))]))


@form("reminders-stop", ReminderStop, by="", here=True, says="Reminders", told="Reminders")
def _no_reminders_any_more(world: World) -> Place:
    return Place(at("reminders-stop", args=[token_of(world.people["keeper"])]))
