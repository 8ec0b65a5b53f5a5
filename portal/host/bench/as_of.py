"""What a past date costs, against today: a factsheet, lists, a large fund, all of it.

`fill` makes the portfolio to measure on, in an empty database; `measure` takes each page as
an anonymous visitor would get it when no cache holds it, today and then in turn, so that
whatever else the machine does weighs on both.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from finance.figures.making import rebuild
from finance.figures.roll_ups import rebuild_roll_ups
from finance.figures.sums import rebuild_key_figures
from finance.models import Load, Source
from finance.planning import keys_checked_by_index
from portal.host.bench.asking import Asked, ask, middle, rounds_of
from projects.models import Fund, Organization, Participation, Project

BIG_FUND, OTHER_FUNDS = "BENCH", 95
# One project in so many is of the fund that is measured: 5,000 of 100,000.
BIG_SHARE = 20
LOADS = 40
# Numbers of records stay below it, so that what is made of them is an integer, too.
MOST = 57_000_000
# One project in five is of the first organization.
BIG_ORGANIZATION = "ORG0"
ROUNDS = rounds_of(7)
# Bars: how many times today's uncached page; milliseconds of the database where all is summed.
RATIO_BAR, DATABASE_BAR = 1.3, 1000

# Only constants of this module are put together here.

# Every tenth record was withdrawn ten loads after its own: what a past date has to sort out.
_RECORDS = """
    load_id, source_id, withdrawn_by_id, line, fingerprint, amount, currency, base_amount, date,
    description, project_id, organization_id"""
_VALUES = """
    loads[1 + n % {loads}], {source},
    CASE WHEN n % 10 = 0 AND n % {loads} < {loads} - 10 THEN loads[11 + n % {loads}] END,
    n, md5(n::text), {amount}, 'USD', {amount}, date '2015-01-01' + (n * 37 % 3650),
    '', project.id,
    organizations[1 + CASE WHEN project.id % 5 = 0 THEN 0 ELSE (n / 3 + project.id) % 200 END]"""
_FROM = """
FROM projects_project AS project, generate_series(1, {each}) AS nth,
    LATERAL (SELECT ((project.id * {each} + nth) % {most})::int AS n) AS numbers,
    (SELECT array_agg(id ORDER BY id) AS loads FROM finance_load) AS l,
    (SELECT array_agg(id ORDER BY id) AS organizations FROM projects_organization) AS o
"""
_SQL = (
    """
    INSERT INTO projects_project (number, title, ledger_label, narrative, language, fund_id,
        status, held_fields)
    SELECT lpad(n::text, 8, '0'), 'Project number ' || n, '', 'Water for all. ' || n, 'en',
        fund.id, 'on-going', '{{}}'
    FROM generate_series(1, {projects}) AS n
    JOIN projects_fund AS fund
        ON fund.code = CASE WHEN n <= {big} THEN 'BENCH' ELSE 'B' || n % {others} END
    """,
    """
    INSERT INTO projects_participation (project_id, organization_id, role, award_number)
    SELECT project.id,
        organizations[1 + CASE WHEN project.id % 5 = 0 THEN 0 ELSE project.id % 200 END],
        'participating', ''
    FROM projects_project AS project,
        (SELECT array_agg(id ORDER BY id) AS organizations FROM projects_organization) AS o
    """,
    """
    INSERT INTO finance_voucher (source_id, number, payment_date, payee_id, fund_id, key)
    SELECT {source}, 'V' || id, date '2020-01-01', NULL, fund_id, md5(id::text)
    FROM projects_project
    """,
    "INSERT INTO finance_voucherline (" + _RECORDS + ", voucher_id, kind)"
    "SELECT" + _VALUES.replace("{amount}", "n % 1000 + 0.25") + """, voucher.id, 'transfer'
    """ + _FROM.replace("{each}", "10").replace(
        "AS project,",
        "AS project JOIN finance_voucher AS voucher"
        " ON voucher.source_id = {source} AND voucher.key = md5(project.id::text),",
    ),
    "INSERT INTO finance_expenditureline (" + _RECORDS + ", year, state)"
    "SELECT" + _VALUES.replace("{amount}", "n % 700 + 0.5") + """,
        2015 + n % 10, (ARRAY['reported', 'interim', 'reported', 'certified'])[1 + n % 4]
    """ + _FROM.replace("{each}", "8"),
    "INSERT INTO finance_budgetline (" + _RECORDS + ")"
    "SELECT" + _VALUES.replace("{amount}", "n % 9000") + _FROM.replace("{each}", "2"),
    # One project has as many records as there are projects, up to 20,000.
    "INSERT INTO finance_expenditureline (" + _RECORDS + ", year, state)"
    "SELECT" + _VALUES.replace("{amount}", "n % 700 + 0.5") + ", 2015 + n % 10, 'reported'"
    + _FROM.replace("{each}", "least({projects}, 20000)")
    + "WHERE project.number = lpad('{projects}', 8, '0')",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of a page today and then, the middle of several rounds, and the bar.

    `database` is what its statements took then; the bar is on it where all money is summed.
    """

    name: str
    today: float
    then: float
    database: float
    bar: float


def fill(projects: int, say: Callable[[str], Any] = print) -> None:
    """A portfolio with 20 records a project, in an empty database."""
    source = Source.objects.create(code="bench", name="Invented for measuring")
    Fund.objects.create(code=BIG_FUND, name="Fund to measure")
    Organization.objects.bulk_create(
        Organization(code=f"ORG{n}", name=f"Organization {n}") for n in range(200)
    )
    Fund.objects.bulk_create(Fund(code=f"B{n}", name=f"Fund {n}") for n in range(OTHER_FUNDS))
    now = timezone.now()
    Load.objects.bulk_create(
        Load(
            source=source,
            kind=Load.Kind.IATI,
            state=Load.State.RELEASED,
            file_name=f"bench-{n}.xml",
            sha256=f"{n:064x}",
            size=1,
            received_at=now,
            released_at=now - timedelta(days=10 * (LOADS - n)),
        )
        for n in range(LOADS)
    )
    values = {
        "source": source.pk,
        "loads": LOADS,
        "projects": projects,
        "most": MOST,
        "big": projects // BIG_SHARE,
        "others": OTHER_FUNDS,
    }
    # The tables are too new to have statistics.
    with (
        _without_history(),
        transaction.atomic(),
        keys_checked_by_index(),
        connection.cursor() as cursor,
    ):
        for sql in _SQL:
            cursor.execute(sql.format(**values))
            say(f"{cursor.rowcount} rows")
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), 2000):
        rebuild(ids[start : start + 2000])
        rebuild_key_figures(ids[start : start + 2000])
    rebuild(None)
    rebuild_roll_ups()


@contextmanager
def _without_history() -> Iterator[None]:
    """History of a hundred thousand invented projects would take longer than all the rest."""
    _switch_triggers("DISABLE")
    yield
    _switch_triggers("ENABLE")


def _switch_triggers(how: str) -> None:
    """Those of history: their names begin so. The others keep what the portal stands on."""
    with connections["owner"].cursor() as cursor:
        for model in (Project, Participation):
            table = model._meta.db_table
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND tgname LIKE 'pgtrigger%%'",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} {how} TRIGGER "{name}"')


def measure() -> list[Cost]:
    """Pages today and as known in the middle of the loads."""
    middle = Load.objects.order_by("released_at")[LOADS // 2].released_at
    day = timezone.localdate(middle).isoformat()
    of_fund = Project.objects.filter(fund__code=BIG_FUND)
    number, big = of_fund.values_list("number", flat=True)[0], of_fund.count()
    return [
        _cost("factsheet", f"/project/{number}/", day, RATIO_BAR),
        _cost("list of projects", "/projects/", day, RATIO_BAR),
        _cost("list of vouchers", "/vouchers/", day, RATIO_BAR),
        _cost(f"fund of {big:,} projects", f"/fund/{BIG_FUND}/", day, RATIO_BAR),
        _cost("home", "/", day, DATABASE_BAR),
        _cost("statement of all funds", "/funds/statement/", day, DATABASE_BAR),
        _cost("list of funds", "/funds/", day, DATABASE_BAR),
        _cost("list of organizations", "/organizations/", day, DATABASE_BAR),
    ]


def _cost(name: str, page: str, day: str, bar: float) -> Cost:
    client = Client()
    taken: dict[str, list[Asked]] = {page: [], f"{page}?as_of={day}": []}
    for _round in range(ROUNDS):
        for address, times in taken.items():
            times.append(ask(client, address))
    today, then = map(middle, taken.values())
    return Cost(name, today.whole, then.whole, then.database, bar)
