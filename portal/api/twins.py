"""Pages as Markdown, for assistants: each figure to the cent, with states and its records.

A factsheet, fund, organization or contributor has its twin at the address of its page, with
`.md` in the place of the last slash; `/llms.txt` says so.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from finance.contributors.arrangements import Position
from finance.figures.catalogue import FIGURES, OF_A_CONTRIBUTOR
from finance.figures.sums import Totals
from finance.figures.totals import wholes_by
from finance.reports.fund import REPORTS, FundMoney
from finance.reports.organization import REPORTS as OF_ORGANIZATIONS
from finance.reports.organization import OrganizationMoney
from portal.about.office import office_of
from portal.api.figures import OF_A_FUND, OF_ROWS, Told, told_position, told_sums, told_totals
from portal.api.notes import notes_on
from portal.api.resources import LISTS
from portal.kit.dates import asked_dates, asked_known
from portal.kit.files.about import About, notice_of, warn_in_files
from portal.kit.files.markdown import escaped, grid, heading, paragraphs, table_pieces
from portal.kit.tables.base import Table
from portal.public.fact_table import fact_table
from portal.public.notes import data_notes
from portal.public.views.contributors import ContributorPage
from portal.public.views.entities import get_organization_or_404
from portal.public.views.factsheet import all_tables, page_of
from portal.public.views.statements import get_fund_or_404

_TYPE = "text/markdown; charset=utf-8"


@require_safe
def project(request: HttpRequest, number: str) -> HttpResponse:
    """A factsheet."""
    page = page_of(request, number)
    title = f"{page.project.number} {page.project.title}"
    told = told_totals(page.money.totals, page.money.page, _dates(request), OF_ROWS)
    _facts, *tables = [fact_table(page), *all_tables(page)[1:]]
    words = [page.project.narrative, *data_notes(page)]
    return _answer(request, title, page.money.page, told, [_facts, *tables], words)


@require_safe
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """A fund: its statement, who gave, who received, where and what for."""
    found, known = get_fund_or_404(code), asked_known(request)
    money = FundMoney(found, known)
    told = told_sums(money.sums, found.get_absolute_url(), _dates(request), OF_A_FUND)
    tables = [money.reports.statement.table(), *(make(money.reports) for make in REPORTS.values())]
    url = found.get_absolute_url()
    return _answer(request, str(found), url, told, tables, [found.description])


@require_safe
def organization(request: HttpRequest, code: str) -> HttpResponse:
    """An organization: what it received, returned, spent and holds."""
    found, known = get_organization_or_404(code), asked_known(request)
    money, url = OrganizationMoney(found, known), found.get_absolute_url()
    whole = wholes_by(money.own, "organization").get(found.pk, Totals())
    told = told_totals(whole, url, _dates(request), OF_ROWS)
    tables = [make(money.reports) for make in OF_ORGANIZATIONS.values()]
    return _answer(request, str(found), url, told, tables)


@require_safe
def contributor(request: HttpRequest, code: str) -> HttpResponse:
    """A contributor: what was signed for, paid, is outstanding."""
    page = ContributorPage()
    page.setup(request, code=code)
    page.filterset, page.rows = None, page.get_queryset()
    page.table = page.get_table()
    whole = Position.of(page.giver.arrangements)
    told = told_position(whole, page.giver.page, _dates(request), OF_A_CONTRIBUTOR)
    return _answer(request, page.get_title(), page.giver.page, told, page.get_tables())


def _dates(request: HttpRequest) -> str:
    return asked_dates(request).query()


def _answer(
    request: HttpRequest,
    title: str,
    url: str,
    told: Told,
    tables: Iterable[Table],
    words: Iterable[str] = (),
) -> HttpResponse:
    warn_in_files(request, *notes_on([told]))
    about = About.of(request, title)
    text = "".join(_pieces(about, settings.SITE_URL + url, told, tables, words))
    return HttpResponse(text, content_type=_TYPE)


def _pieces(
    about: About, page: str, told: Told, tables: Iterable[Table], words: Iterable[str]
) -> Iterator[str]:
    yield from (f"{piece}\n" for piece in heading(about))
    yield f"{_('Page')}: {page}\n\n"
    for text in filter(None, words):
        yield from (f"{piece}\n" for piece in paragraphs(text))
    yield f"## {_('Figures')}\n\n"
    names = (_("Figure"), f"{_('Value')}:", _("Unit"), f"{_('Interim')}:", f"{_('Certified')}:",
             f"{_('Not converted')}:", _("Records"))  # fmt: skip
    yield from grid(names, (_figure(key, figure) for key, figure in told.items()))
    for table in tables:
        yield from table_pieces(table)


def _figure(key: str, told: dict[str, Any]) -> list[Any]:
    states = told["states"] or {}
    value = _("not known") if told["value"] is None else told["value"]
    return [
        FIGURES[key].label, value, told["unit"], states.get("interim"), states.get("certified"),
        told["unconverted"], told["records"],
    ]  # fmt: skip


@require_safe
def llms_txt(request: HttpRequest) -> HttpResponse:
    """What an assistant finds here, and how to quote it."""
    office, site = office_of(request), settings.SITE_URL
    notice = notice_of(office)
    lines = [
        f"# {escaped(office.portal_name)}",
        f"> {escaped(office.tagline or office.name)}" + (f" {escaped(notice)}." if notice else ""),
        _(
            "Money of pooled funds: what came in, was approved, transferred and spent. Each figure "
            "is a sum of records that can be followed; every page can be asked for as of any past "
            "day (?as_of=2024-12-31)."
        ),
        _(
            "When you quote a number, give its address, the day as known on, whether it holds "
            "interim expenditure, and what it leaves out. Stages of money are never added up: a "
            "deposit is later a transfer, and then an expenditure. What is not known is not zero."
        ),
        f"## {_('Pages as text')}",
        "\n".join(
            f"- {label}: {site}{address}"
            for label, address in (
                (_("A project"), "/project/NUMBER.md"),
                (_("A fund"), "/fund/CODE.md"),
                (_("An organization"), "/organization/CODE.md"),
                (_("A contributor"), "/contributor/CODE.md"),
            )
        ),
        f"## {_('Data')}",
        "\n".join(
            f"- [{label}]({site}{address})"
            for label, address in (
                (_("How to ask for data"), reverse("api")),
                (_("OpenAPI"), reverse("api-schema")),
                (_("All data in one file"), reverse("data")),
                (_("What each term means"), reverse("glossary")),
                (_("Seals of all releases"), reverse("seal-list")),
                *((view.name, reverse(f"api-{name}")) for name, view in LISTS.items()),
            )
        ),
    ]
    return HttpResponse("\n\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
