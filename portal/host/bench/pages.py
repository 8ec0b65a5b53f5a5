"""What pages cost, beside a view through the same middleware that answers "ok".

They are asked for in turn, so that whatever else the machine does weighs on all alike.
"""

from collections.abc import Iterator

from django.core.cache import caches
from django.test import Client, override_settings

from finance.models import Voucher
from portal.host.bench.as_of import BIG_FUND, BIG_ORGANIZATION
from portal.host.bench.asking import Asked, ask, middle, rounds_of
from portal.host.bench.bars import PAGES
from portal.host.bench.rows import Row, row
from projects.models import Project

ROUNDS = rounds_of(6)
# Of what is measured as kept; the cache has room for as many from its start.
PAGES_KEPT = 500
_OK = "/ok/"


def measure() -> list[Row]:
    """Every page of the bars, not kept and kept."""
    with override_settings(ROOT_URLCONF="portal.host.bench.ok"):
        return [*_drawn(), *_kept()]


def _drawn() -> Iterator[Row]:
    """With nothing kept."""
    with override_settings(PAGES_KEPT=0):
        addresses = {"ok": _OK, **_addresses()}
        taken = _in_turn(Client(), {name: (address, {}) for name, address in addresses.items()})
    floor = taken.pop("ok")
    yield Row("ok", floor.cpu, "ms of CPU", database=floor.database, statements=floor.statements)
    for name, asked in taken.items():
        yield row(name, asked, floor, PAGES[name])


def _kept() -> Iterator[Row]:
    """Nothing has changed since they were drawn, and the visitor knows, or does not."""
    number, _many = _projects()
    factsheet = f"/project/{number}/"
    with override_settings(PAGES_KEPT=PAGES_KEPT):
        client = Client()
        caches["pages"].clear()
        etag = client.get(factsheet, headers={"host": "localhost"}).headers["ETag"]
        taken = _in_turn(
            client,
            {
                "factsheet, not changed": (factsheet, {"if-none-match": etag}),
                "factsheet, kept": (factsheet, {}),
                "projects, kept": ("/projects/", {}),
                "home, kept": ("/", {}),
                "PDF of a factsheet, kept": (f"{factsheet}?format=pdf", {}),
            },
        )
    with override_settings(PAGES_KEPT=0):
        floor = _in_turn(Client(), {"ok": (_OK, {})})["ok"]
    for name, asked in taken.items():
        yield row(name, asked, floor, PAGES[name])


def _in_turn(client: Client, asked: dict[str, tuple[str, dict[str, str]]]) -> dict[str, Asked]:
    taken: dict[str, list[Asked]] = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, (address, headers) in asked.items():
            taken[name].append(ask(client, address, **headers))
    return {name: middle(times) for name, times in taken.items()}


def _projects() -> tuple[str, str]:
    """The numbers of a project with few records and of the one with most."""
    numbers = Project.objects.order_by("number").values_list("number", flat=True)
    return numbers[0], numbers.last()  # type: ignore[return-value]


def _addresses() -> dict[str, str]:
    few, many = _projects()
    return {
        "factsheet of 20 records": f"/project/{few}/",
        "factsheet of many records": f"/project/{many}/",
        "projects": "/projects/",
        "projects by spending": "/projects/?sort=-expenditure",
        "projects filtered": f"/projects/?status=on-going&fund={BIG_FUND}",
        "vouchers": "/vouchers/",
        "vouchers by total": "/vouchers/?sort=-total",
        "vouchers by payee": "/vouchers/?sort=payee",
        "vouchers, far on by key": f"/vouchers/?page=10001after{_voucher_in_the_middle()}",
        "home": "/",
        "funds": "/funds/",
        "organizations": "/organizations/",
        "large organization": f"/organization/{BIG_ORGANIZATION}/",
        "large fund": f"/fund/{BIG_FUND}/",
        "statement of all funds": "/funds/statement/",
        "countries": "/countries/",
        "reports due": "/reports/",
        "records of all": "/records/?figure=approved",
    }


def _voucher_in_the_middle() -> int:
    """Where a page far on begins."""
    ids = Voucher.objects.order_by("pk").values_list("pk", flat=True)
    return ids[ids.count() // 2]
