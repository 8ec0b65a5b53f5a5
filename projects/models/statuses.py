"""What a project can be: each status with all that depends on it; a new one is added here only."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.text import Words


@dataclass(frozen=True)
class Stage:
    """What the portal knows of a status. The flags combine to the named sets of `Status`."""

    meaning: Words  # the rest of a sentence that begins with the status
    iati: str  # code of the activity status in IATI; "" if it has none
    mark: str  # form and colour of its mark: a class `status-…` of the style sheet, or "open"
    carried_out: bool = False  # activities are, or were, under way
    over: bool = False  # nothing is carried out any more
    settled: bool = False  # no more money, report or step is awaited
    follows: bool = False  # moves with the closures of its organizations
    of_publishers: bool = False  # where IATI's code stands for several, this is the one read
    glossary: Words = ""  # what the glossary adds
    see: tuple[str, ...] = ()


class Status(models.TextChoices):
    """Life of a project (docs/domain.md#status)."""

    stage: Stage

    PIPELINE = (
        "pipeline",
        Stage(_("approved; no money has been transferred yet."), iati="1", mark="planned"),
        _("Pipeline/Approved"),
    )
    ON_GOING = (
        "on-going",
        Stage(
            _("activities are under way."), iati="2", mark="open", carried_out=True, follows=True
        ),
        _("On Going"),
    )
    OPERATIONALLY_CLOSED = (
        "operationally-closed",
        Stage(
            _("all activities are done; accounts are still being settled."),
            iati="3",
            mark="half",
            carried_out=True,
            over=True,
            follows=True,
            glossary=_("A final narrative report is due within {final_narrative}."),
            see=("financially-closed",),
        ),
        _("Operationally Closed"),
    )
    FINANCIALLY_CLOSED = (
        "financially-closed",
        Stage(
            _(
                "all obligations are settled, the certified final statement is in, "
                "and what was left has been returned."
            ),
            iati="4",
            mark="full",
            carried_out=True,
            over=True,
            settled=True,
            follows=True,
            glossary=_("Up to {waived_balance} of each organization need not be refunded."),
            see=("certified", "refund"),
        ),
        _("Financially Closed"),
    )
    CLOSED = (
        "closed",
        Stage(
            _("closed by its publisher, without saying whether the accounts are settled."),
            iati="4",
            mark="full",
            carried_out=True,
            over=True,
            settled=True,
            follows=True,
            of_publishers=True,
            see=("financially-closed",),
        ),
        _("Closed"),
    )
    SUSPENDED = (
        "suspended",
        Stage(_("activities are halted for now."), iati="6", mark="halted", carried_out=True),
        _("Suspended"),
    )
    CANCELLED = (
        "cancelled",
        Stage(_("it will not be carried out."), iati="5", mark="halted", over=True, settled=True),
        _("Cancelled"),
    )
    NOT_STATED = (
        "not-stated",
        Stage(_("its publisher does not say how far it is."), iati="", mark="open"),
        _("Not stated"),
    )

    def __new__(cls, value: str, *stage: Stage) -> "Status":
        """A text, as all choices are, that knows its stage."""
        status = str.__new__(cls, value)
        status._value_ = value
        (status.stage,) = stage
        return status

    @classmethod
    def _those(cls, test: Callable[[Stage], bool]) -> tuple["Status", ...]:
        return tuple(status for status in cls if test(status.stage))

    def as_told(self, *, is_paid: bool) -> str:
        """Its label; but as stated where it says that nothing was paid yet, and something was."""
        if self is Status.PIPELINE and is_paid:
            return gettext("%(status)s, as stated") % {"status": self.label}
        return str(self.label)

    @classmethod
    def marks(cls) -> dict[str, str]:
        """The form and colour of the mark of each."""
        return {status.value: status.stage.mark for status in cls}

    @classmethod
    def running(cls) -> tuple["Status", ...]:
        """Begun and not over: under way, or halted for now."""
        return cls._those(lambda stage: stage.carried_out and not stage.over)

    @classmethod
    def carried_out(cls) -> tuple["Status", ...]:
        """Begun, whether over or not."""
        return cls._those(lambda stage: stage.carried_out)

    @classmethod
    def done(cls) -> tuple["Status", ...]:
        """All activities are done, whether or not the accounts are settled."""
        return cls._those(lambda stage: stage.carried_out and stage.over)

    @classmethod
    def over(cls) -> tuple["Status", ...]:
        """Nothing is carried out any more: done, or cancelled."""
        return cls._those(lambda stage: stage.over)

    @classmethod
    def settled(cls) -> tuple["Status", ...]:
        """No more money, report or step is awaited."""
        return cls._those(lambda stage: stage.settled)

    @classmethod
    def awaiting_closure(cls) -> tuple["Status", ...]:
        """Begun, and not settled yet."""
        return cls._those(lambda stage: stage.carried_out and not stage.settled)

    @classmethod
    def following(cls) -> tuple["Status", ...]:
        """Set from the closures of organizations; one that is halted or cancelled is not moved."""
        return cls._those(lambda stage: stage.follows)

    @classmethod
    def of_iati(cls, code: str) -> "Status":
        """What a publisher's activity status says; "not stated" where it says nothing known."""
        found = [status for status in cls if status.stage.iati == code]
        stated = [status for status in found if status.stage.of_publishers]
        return (stated or found or [cls.NOT_STATED])[0]


# The sets that functions of the database ask for by name: `project_status_is(status, 'over')`.
NAMED_SETS = (
    *(Status.running, Status.carried_out, Status.done, Status.over),
    *(Status.settled, Status.awaiting_closure),
)


def status_function() -> str:
    """The function of the database that knows the same sets."""
    cases = " ".join(
        "WHEN '{}' THEN status IN ({})".format(
            named.__name__, ", ".join(f"'{status.value}'" for status in named())
        )
        for named in NAMED_SETS
    )
    return (
        "CREATE OR REPLACE FUNCTION project_status_is(status text, named text) RETURNS boolean "
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE named {cases} END $$"
    )
