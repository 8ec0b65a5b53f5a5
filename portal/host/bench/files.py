"""What tables and files cost, each beside the barest way to the same."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import openpyxl
import weasyprint
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.management import call_command
from django.db import connection, transaction
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from finance.figures.reading import KnownFigures
from finance.figures.totals import listed_projects
from finance.models import Voucher
from portal.host.bench.as_of import BIG_FUND
from portal.host.bench.asking import HOST, rounds_of
from portal.host.bench.bars import FILES
from portal.host.bench.plain_table import drawn_plainly
from portal.host.bench.rows import Row, beside
from portal.kit.dates import TODAY
from portal.public.list_tables import ProjectTable
from projects.models import Project, User

ROUNDS = rounds_of(4)
_PAGE_ROWS = 25
_LOOP = """<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""
# The cells of the list of vouchers, one project of each, without links.
_BARE = """
SELECT voucher.payment_date, voucher.number, payee.name, fund.name,
    project.number || ' ' || project.title, sums.line_count, sums.total
FROM finance_voucher AS voucher
LEFT JOIN projects_organization AS payee ON payee.id = voucher.payee_id
LEFT JOIN projects_fund AS fund ON fund.id = voucher.fund_id
JOIN finance_vouchersums AS sums ON sums.voucher_id = voucher.id
LEFT JOIN LATERAL (SELECT project_id FROM finance_voucherline AS line
    WHERE line.voucher_id = voucher.id LIMIT 1) AS paid ON TRUE
LEFT JOIN projects_project AS project ON project.id = paid.project_id
ORDER BY voucher.payment_date DESC, voucher.id DESC LIMIT %s
"""
# What only checks need, and libraries take where they find it, is not there where the portal runs.
_AS_RUN = """
import sys
sys.modules.update(dict.fromkeys(("rich", "greenlet", "requests")))
"""
_OURS = _AS_RUN + "import portal.wsgi"
_EMPTY = _AS_RUN + "import empty.wsgi"
# The same libraries, and nothing of the portal.
_LIBRARIES = f"""{_AS_RUN}
from django.conf import settings
from portal import settings as ours
settings.configure(
    INSTALLED_APPS=[app for app in ours.INSTALLED_APPS if not (ours.BASE_DIR / app).is_dir()],
    MIDDLEWARE=[name for name in ours.MIDDLEWARE if not name.startswith("portal.")],
    AUTHENTICATION_BACKENDS=ours.AUTHENTICATION_BACKENDS,
    DATABASES=ours.DATABASES,
    SECRET_KEY=ours.SECRET_KEY,
    STATIC_URL=ours.STATIC_URL,
    TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates"}}],
    LOGGING=ours.LOGGING,
)
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
"""


def measure() -> list[Row]:
    """A page's table, the list of vouchers as files, a worker's start, and the admin's list."""
    return [_table(), _csv(), _excel(), _pdf(), *_start(), _admin()]


def _both(ours: Callable[[], Any], floor: Callable[[], Any], rounds: int = ROUNDS) -> Any:
    """Seconds of CPU of one and the other, in turn, the middle of so many rounds."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds):
        for do, times in zip((ours, floor), taken, strict=True):
            begun = time.process_time()
            do()
            times.append(time.process_time() - begun)
    return tuple(median(times[1:] or times) for times in taken)


def _row(name: str, taken: tuple[float, float]) -> Row:
    return beside(name, *taken, FILES[name])


def _table() -> Row:
    """The rows of a page, against the same cells by a plain template."""
    projects = list(listed_projects(Project.objects.all(), KnownFigures(TODAY))[:_PAGE_ROWS])

    def drawn() -> None:
        render_to_string("kit/table.html", {"table": ProjectTable(projects)})

    def plain() -> None:
        drawn_plainly(projects)

    return _row("25 rows of a table", _both(drawn, plain, rounds=rounds_of(20)))


def _file(format: str) -> Callable[[], Any]:
    client = Client()
    return lambda: _answer(client, f"/vouchers/?format={format}")


def _answer(client: Client, address: str) -> int:
    """Bytes of the whole answer, none of it kept."""
    response: Any = client.get(address, headers=HOST)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    pieces = response.streaming_content if response.streaming else [response.content]
    size = sum(len(piece) for piece in pieces)
    response.close()
    return size


def _bare_rows(limit: int = 1_048_575) -> Iterator[tuple[Any, ...]]:
    """The rows of the list of vouchers, from a cursor of the server."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_BARE, [limit])
        yield from cursor


def _csv() -> Row:
    def bare() -> None:
        with tempfile.TemporaryFile("w", newline="") as file:
            csv.writer(file).writerows(_bare_rows())

    return _row("csv", _both(_file("csv"), bare, rounds=2))


def _excel() -> Row:
    def bare() -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Vouchers")
        for cells in _bare_rows():
            sheet.append(cells)
        with tempfile.TemporaryFile() as file:
            book.save(file)

    return _row("Excel", _both(_file("xlsx"), bare, rounds=2))


def _pdf() -> Row:
    """The vouchers of the large fund, as the worker draws them: nobody waits for so many rows."""
    template = Engine().from_string(_LOOP)
    address = f"/vouchers/?fund={BIG_FUND}&format=pdf"
    rows = Voucher.objects.filter(fund__code=BIG_FUND).count()
    client = Client()

    def bare() -> None:
        html = template.render(Context({"rows": _bare_rows(rows)}))
        weasyprint.HTML(string=html).write_pdf()

    with override_settings(PDF_MAX_ROWS=rows, PDF_AT_ONCE=rows):
        return _row("PDF of a list", _both(lambda: _answer(client, address), bare, rounds=1))


def _start() -> Iterator[Row]:
    """A web process, against one with nothing in it, and one with the same libraries."""
    ours = _started(_OURS)
    with tempfile.TemporaryDirectory() as folder:
        call_command("startproject", "empty", folder)
        yield _row("start of a worker", (ours, _started(_EMPTY, folder, "empty.settings")))
    yield _row("start, beside its libraries", (ours, _started(_LIBRARIES)))


def _started(
    code: str, folder: Any = settings.BASE_DIR, its_settings: str = "portal.settings"
) -> float:
    """Seconds of CPU; the first round only keeps what is compiled."""
    taken = []
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": its_settings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _round in range(ROUNDS):
        begun = os.times()
        subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)  # noqa: S603
        ended = os.times()
        taken.append(
            ended.children_user + ended.children_system
            - begun.children_user - begun.children_system
        )  # fmt: skip
    return median(taken[1:])


class _ProjectsOfAdmin(ModelAdmin):
    """As anyone would have it made for him: a few columns, a page of as many rows."""

    list_display = ("number", "title", "fund", "status")
    list_select_related = ("fund",)
    list_per_page = _PAGE_ROWS
    list_filter = ()


def _admin() -> Row:
    """The list of projects for everyone, against the one that Django's admin makes."""
    client = Client()
    request = RequestFactory().get("/admin/projects/project/", headers=HOST)
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    peer: Any = _ProjectsOfAdmin(Project, AdminSite())

    def of_admin() -> None:
        peer.changelist_view(request).render()

    return _row("list, beside the admin's", _both(lambda: _answer(client, "/projects/"), of_admin))
