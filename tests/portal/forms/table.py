"""What the row of a form says, and how one is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from tests.portal.forms.people import World


@dataclass(frozen=True)
class Place:
    """The page that has the form, where it is sent, and what more is sent with it."""

    page: str
    action: str = ""
    sent: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A form.

    `sent` is typed or clicked, and `typed` names the field whose text must outlive a session.
    `says` is read once it is done, and `told` by who sends the same from a page that was opened
    before; without it both may do it. `watched` is what it changes; `mails` how many it sends.
    `fresh` is who proved a moment ago who they are; `here` a form that a page
    answers itself.
    """

    name: str
    given: Callable[[World], Place]
    watched: tuple[type[Model], ...]
    by: str = "admin"
    also: str = ""
    sent: dict[str, Any] = field(default_factory=dict)
    typed: str = ""
    says: str = ""
    told: str = ""
    mails: int = 0
    fresh: bool = False
    here: bool = False


NO_WORKER = "No background worker has run yet: nothing that waits goes on."
ROWS: dict[str, Row] = {}


def form(name: str, *watched: type[Model], **values: Any) -> Callable[..., Any]:
    """Declares a row; the function decorated makes what the form needs, and says where it is."""

    def declare(given: Callable[[World], Place]) -> Callable[[World], Place]:
        label = given.__name__.strip("_").replace("_", " ")
        assert label not in ROWS, label
        ROWS[label] = Row(name=name, given=given, watched=watched, **values)
        return given

    return declare
