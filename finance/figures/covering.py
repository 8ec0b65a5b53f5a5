"""What a certified statement takes out again and has no rate of exchange: what it leaves open.

The statement is cumulative: the annual amounts that it covers are taken out of its own year. One
without a rate is so in none of the whole, which the statement says, and left out of the year of the
statement as of its own. Its entries therefore bear a state of their own, and count below zero:
added to what they take out they come to nothing; added up by year each is one amount more.
"""

from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields import IntegerField

from finance.models import ExpenditureLine

# Of a year before that of the statement, and of the same year.
COVERS, COVERS_OWN = "covers", "covers-own"
CERTIFIED = ExpenditureLine.State.CERTIFIED


def states_of(state: str) -> tuple[str, ...]:
    """The states of entries that make up this state of records."""
    return (state, COVERS, COVERS_OWN) if state == CERTIFIED else (state,)


def state_of(state: str) -> str:
    """The state of records to which entries of this state belong."""
    return CERTIFIED.value if state in {COVERS, COVERS_OWN} else state


def left_out_of_years(state: str, unconverted: int) -> int:
    """How many amounts a sum of this state leaves out of a figure that begins after the first
    year; of a figure from the first year on it is `unconverted` itself."""
    return -unconverted if state == COVERS else unconverted


def left_out_of_state(state: str, unconverted: int) -> int:
    """How many amounts a sum leaves out of what is told of one state of records."""
    return -unconverted if state in {COVERS, COVERS_OWN} else unconverted


def counted(path: str = "", *, of_years: bool = False, of_state: bool = False) -> Combinable:
    """The same of rows in the database, to be added up; `path` leads to them."""
    taken_out = [COVERS, COVERS_OWN] if of_state else [COVERS] if of_years else []
    number = F(f"{path}unconverted")
    if not taken_out:
        return number
    return Case(
        When(**{f"{path}state__in": taken_out}, then=number * Value(-1)),
        default=number,
        output_field=IntegerField(),
    )
