"""Pages as Markdown, for assistants: each figure to the cent, with states and its records.

Each page has its twin at its own address, with `.md` in the place of the last slash
(portal/kit/web/twins.py); here are those of things, and `/llms.txt`, which says so.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from finance.contributors.arrangements import Position
from finance.figures.catalogue import FIGURES, OF_A_CONTRIBUTOR
from finance.figures.reading import KnownFigures
from finance.figures.sums import Totals
from finance.figures.totals import totals_of_organizations
from finance.reports.fund import REPORTS, FundMoney
from finance.reports.organization import REPORTS as OF_ORGANIZATIONS
from finance.reports.organization import OrganizationMoney
from finance.reports.sources_and_uses import counted_notes, notes_of, years_moved
from portal.about.context_processors import CLOSED
from portal.about.office import office_of
from portal.api.figures import OF_A_FUND, OF_ROWS, Told, told_position, told_sums, told_totals
from portal.api.notes import notes_on
from portal.api.resources import LISTS
from portal.kit.dates import asked_dates, asked_known
from portal.kit.files.about import About, notice_of, warn_in_files
from portal.kit.files.links import TWIN
from portal.kit.files.markdown import MARKDOWN, escaped, grid, page_text
from portal.kit.kept_dates import dated
from portal.kit.tables.base import Table
from portal.kit.web.places import heavy
from portal.kit.web.twins import table_page
from portal.public.notes import data_notes
from portal.public.views.contributors import ContributorPage
from portal.public.views.entities import get_organization_or_404
from portal.public.views.factsheet import all_tables, page_of
from portal.public.views.statements import get_fund_or_404


@heavy
@require_safe
def project(request: HttpRequest, number: str) -> HttpResponseBase:
    """A factsheet; a number may hold slashes, so pages below one come here, too."""
    if table_page(f"/project/{number}/"):
        return table_twin(request, f"project/{number}")
    page = page_of(request, number)
    title = f"{page.project.number} {page.project.title}"
    told = told_totals(page.money.totals, page.money.page, _dates(request), OF_ROWS)
    # The key figures are told above them, with their records.
    facts, _glance, *tables = all_tables(page)
    words = [page.project.narrative, *data_notes(page)]
    return _answer(request, title, page.money.page, told, [facts, *tables], words)


@heavy
@require_safe
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """A fund: its statement, who gave, who received, where and what for."""
    found, known = get_fund_or_404(code), asked_known(request)
    money = FundMoney(found, known)
    told = told_sums(money.sums, found.get_absolute_url(), _dates(request), OF_A_FUND)
    tables = [money.reports.statement.table(), *(make(money.reports) for make in REPORTS.values())]
    url = found.get_absolute_url()
    warn_in_files(request, *notes_of(money.sums, known))
    return _answer(request, str(found), url, told, tables, [found.description])


@heavy
@require_safe
def organization(request: HttpRequest, code: str) -> HttpResponse:
    """An organization: what it received, returned, spent and holds."""
    found, known = get_organization_or_404(code), asked_known(request)
    money, url = OrganizationMoney(found, known), found.get_absolute_url()
    whole = totals_of_organizations(KnownFigures(known), [found.pk]).get(found.pk, Totals())
    told = told_totals(whole, url, _dates(request), OF_ROWS)
    tables = [make(money.reports) for make in OF_ORGANIZATIONS.values()]
    warn_in_files(request, *counted_notes(years_moved(money.by_funds), known))
    return _answer(request, str(found), url, told, tables)


@heavy
@require_safe
def contributor(request: HttpRequest, code: str) -> HttpResponse:
    """A contributor: what was signed for, paid, is outstanding."""
    page = ContributorPage()
    page.setup(request, code=code)
    page.filterset, page.rows = None, page.get_queryset()
    page.table = page.get_table()
    whole = Position.of(page.giver.arrangements)
    told = told_position(whole, page.giver.page, _dates(request), OF_A_CONTRIBUTOR)
    warn_in_files(request, *page.get_notes(whole))
    return _answer(request, page.get_title(), page.giver.page, told, page.get_tables())


@heavy
@require_safe
def table_twin(request: HttpRequest, address: str) -> HttpResponseBase:
    """Any public page with a table: its rows as the address filters and orders them."""
    path = f"/{address}/"
    match = None if path.startswith(CLOSED) else table_page(path)
    if match is None:
        raise Http404(_("This page is not there as Markdown."))
    request.path = request.path.replace(request.path_info, path)
    request.path_info, request.resolver_match = path, match
    asked = request.GET.copy()
    asked["format"] = TWIN
    request.GET = asked  # type: ignore[assignment]
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


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
    page = settings.SITE_URL + dated(url, about.dates)
    text = page_text(about, page, tables, words, figures_told(told))
    return HttpResponse(text, content_type=MARKDOWN)


def figures_told(told: Told) -> Iterator[str]:
    """Figures to the cent, with states, what is left out, and the address of their records."""
    yield f"## {_('Figures')}\n\n"
    names = (_("Figure"), f"{_('Value')}:", _("Unit"), f"{_('Interim')}:", f"{_('Certified')}:",
             f"{_('Not converted')}:", _("Records"))  # fmt: skip
    yield from grid(names, (_figure(key, figure) for key, figure in told.items()))


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
        _(
            "Any page with figures is there as Markdown: at its address with .md in the place of "
            "the last slash, or at its own for who asks with Accept: text/markdown."
        ),
        "\n".join(
            f"- {label}: {site}{address}"
            for label, address in (
                (_("Home"), "/index.md"),
                (_("Search"), "/search.md?q=WORDS"),
                (_("Projects"), "/projects.md"),
                (_("A project"), "/project/NUMBER.md"),
                (_("A fund"), "/fund/CODE.md"),
                (_("An organization"), "/organization/CODE.md"),
                (_("A contributor"), "/contributor/CODE.md"),
                (_("Glossary"), "/glossary.md"),
                (_("Help"), "/help.md"),
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
