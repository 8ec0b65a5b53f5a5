"""What a certified statement takes out again and has no rate of exchange: what it leaves open.

The statement is cumulative: the annual amounts that it covers are taken out of its own year. One
without a rate is so in none of the whole, which the statement says, and left out of the year of the
statement as of its own. Its entries therefore bear states of their own, and count below zero:
added to what they take out they come to nothing; where the year of that is left out, each is one
amount more.
"""

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields import IntegerField

from finance.models import ExpenditureLine

# Of a year before that of the statement, which follows ("covers2019"); and of the same year.
COVERS, COVERS_OWN = "covers", "covers-own"
CERTIFIED = ExpenditureLine.State.CERTIFIED
# The states of which figures say how much they hold; the rest is reported.
TOLD_STATES = (ExpenditureLine.State.INTERIM.value, CERTIFIED.value)


def of_state(state: str) -> Q:
    """Entries that make up this state of records."""
    own = Q(state=state)
    return own | Q(state__startswith=COVERS) if state == CERTIFIED else own


def state_of(state: str) -> str:
    """The state of records to which entries of this state belong."""
    return CERTIFIED.value if state.startswith(COVERS) else state


def left_out_of_years(state: str, unconverted: int, first: int | None) -> int:
    """How many amounts a sum of this state leaves out of a figure of the years from `first` on:
    what covers a year before it is open; of a figure of all years (None) nothing covered is."""
    if first is None or state == COVERS_OWN or not state.startswith(COVERS):
        return unconverted
    return -unconverted if int(state.removeprefix(COVERS)) < first else unconverted


def left_out_of_state(state: str, unconverted: int) -> int:
    """How many amounts a sum leaves out of what is told of one state of records."""
    return -unconverted if state.startswith(COVERS) else unconverted


def counted(path: str = "", *, first: int | None = None, of_state: bool = False) -> Combinable:
    """The same of rows in the database, to be added up; `path` leads to them."""
    number = F(f"{path}unconverted")
    if first is None and not of_state:
        return number
    taken_out = Q(**{f"{path}state__startswith": COVERS})
    if not of_state:
        taken_out &= Q(**{f"{path}state__lt": f"{COVERS}{first}"})
        taken_out &= ~Q(**{f"{path}state": COVERS_OWN})
    return Case(
        When(taken_out, then=number * Value(-1)), default=number, output_field=IntegerField()
    )
