"""The page of one load: how far it has come, what it would change, what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from finance.figures.catalogue import FIGURES
from finance.figures.changes import BeforeAndAfter, compared
from finance.figures.sums import Totals
from finance.loading.preview import fund_totals, staged_funds, totals_compared
from finance.loading.reversing import refusal
from finance.loading.scopes import Scope
from finance.loading.services import obstacles, open_warnings
from finance.loading.staging import staged_projects
from finance.loading.warnings import withdraws_much
from finance.models import FundCost, Load, LoadRemark
from finance.reports.change_tables import StaffMendTable, mends_of
from portal.health.work import place_in_queue
from portal.health.worker_seen import said_of_worker
from portal.kit.formatting import amount, figure
from portal.staff.access import ENTER, RELEASE, crumbs, load_or_404, may, staff_only
from portal.staff.loads.lines import first_lines
from portal.staff.loads.load_tables import ChangeTable, FundChangeTable, RemarkTable, kind_of_remark
from portal.staff.loads.mendable import mendable
from portal.staff.loads.places import Places
from portal.work.checks import check, is_being_released, waits_in_vain
from projects.models import Fund, Project
from projects.signed_in import signed_in

PROJECTS_AT_ONCE = 25
FUNDS_AT_ONCE = 100
REMARKS_AT_ONCE = 10
SHOWN_TWINS = 5
COMPARED = (
    "commitment", "deposit", "approved", "transfer", "refund", "net_funded", "expenditure",
)  # fmt: skip
FUND_MEASURES = (
    *((name, FIGURES[name].label) for name in ("commitment", "pledge", "deposit")),
    *FundCost.Kind.choices,
)


@require_safe
@staff_only()
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """A load, with the buttons that its state and this person's rights allow."""
    return load_page(request, load_or_404(pk))


def load_page(request: HttpRequest, found: Load, typed_reason: str = "") -> HttpResponse:
    """The page of the load, with a reason that was typed for a reversal that could not be made."""
    is_open = found.state in {Load.State.CHECKED, Load.State.FAULTY}
    context = {
        "load": found,
        "title": found.file_name,
        "crumbs": crumbs((_("Loads"), reverse("staff-loads")), (found.file_name, "")),
        "scope": str(Scope.from_json(found.scope)),
        "may_enter": may(request.user, ENTER),
        "may_release": may(request.user, RELEASE),
        "words": words_of_progress(found),
        "control_totals": control_totals(found),
        "groups": remark_groups(found),
        "stuck": waits_in_vain(found),
        "reversal": found.reversals.exclude(state=Load.State.REJECTED).first(),
        "twins": same_file(found),
        "mends": mends_of(
            found, StaffMendTable, None if found.kind == Load.Kind.IATI else Places(found).in_words
        ),
    }
    if found.waits_for_check:
        context["worker"] = said_of_worker()
    if is_open:
        context |= {
            "obstacles": obstacles(found, signed_in(request)),
            "withdraws_much": withdraws_much(found),
            "mendable": mendable(found),
            "asks_for_mapping": asks_for_mapping(found),
        }
    if found.state == Load.State.CHECKED:
        # Of a workbook the figures that stand say little: most of it is of what it makes itself.
        if found.kind != Load.Kind.STARTER:
            context |= changes(found, request) | changes_of_funds(found)
        context["seen"] = found.report.get("content", "")
        context["being_released"] = is_being_released(found)
    if is_open:
        context |= first_lines(found)
    if found.state == Load.State.RELEASED:
        context |= {"refusal": refusal(found), "typed_reason": typed_reason}
    return render(request, "staff/load.html", context)


def same_file(load: Load) -> list[Load]:
    """Other loads of the very same file that were not rejected, newest first."""
    others = Load.objects.filter(sha256=load.sha256).exclude(pk=load.pk)
    others = others.exclude(state=Load.State.REJECTED).with_reversed_at()
    return list(others.order_by("-received_at", "-pk")[:SHOWN_TWINS])


@require_safe
@staff_only()
def progress(_request: HttpRequest, pk: int) -> JsonResponse:
    """How far the check has come, for the script that moves the bar."""
    found = load_or_404(pk)
    return JsonResponse(
        {
            "waiting": found.waits_for_check,
            "progress": found.progress,
            "words": words_of_progress(found),
        }
    )


def words_of_progress(load: Load) -> str:
    """What the bar of the check is about to say."""
    if load.waits_for_check and (stopped := said_of_worker()):
        return stopped
    if load.state == Load.State.RECEIVED:
        place = place_in_queue(check.module_path, load.pk)
        return f"{_('Waiting for its check to begin')}. {place}".strip()
    return _("Being checked")


# --- Control totals


def control_totals(load: Load) -> list[dict[str, Any]]:
    """What the sender stated beside what the check found."""
    if "rows" not in load.report:
        return []
    sums = {code: Decimal(text) for code, text in load.report.get("totals", {}).items()}
    found = {"rows": Decimal(load.report["rows"]), "amount": sum(sums.values(), Decimal(0))}
    by_currency = "; ".join(amount(total, code) for code, total in sorted(sums.items()))
    is_part = bool(load.report.get("stopped"))
    unread = load.report.get("unread_amounts", 0)
    without = ngettext(
        "without %(count)d amount that cannot be read",
        "without %(count)d amounts that cannot be read", unread,
    ) % {"count": unread}  # fmt: skip
    lines = []
    for name, label, shown, lacks in (
        ("rows", _("Rows"), figure(found["rows"]), ""),
        ("amount", _("Sum of amounts"), by_currency, without if unread else ""),
    ):
        stated = load.stated_totals.get(name, "")
        lines.append(
            {
                "label": label,
                "stated": stated and figure(Decimal(stated), 0 if name == "rows" else 2),
                "found": shown,
                "lacks": _("as far as it was read") if is_part else lacks,
                "differs": bool(stated)
                and not (is_part or lacks)
                and Decimal(stated) != found[name],
            }
        )
    return lines


# --- Remarks


@dataclass
class RemarkGroup:
    """Remarks of one kind, the first of them to be shown."""

    severity: str
    code: str
    label: str
    count: int
    is_open: bool
    table: RemarkTable


def remark_groups(load: Load) -> list[RemarkGroup]:
    """Errors first, by kind; each with its first rows."""
    waiting = set(open_warnings(load))
    kinds = load.remarks.order_by("severity", "code").values_list("severity", "code")
    groups = []
    for severity, code, count in kinds.annotate(Count("pk")):
        remarks = load.remarks.filter(severity=severity, code=code)
        label = kind_of_remark(code)
        table = RemarkTable(
            remarks[:REMARKS_AT_ONCE], title=label, id=f"{severity}-{code}", prefix=code
        )
        is_open = severity == LoadRemark.Severity.WARNING and code in waiting
        groups.append(RemarkGroup(severity, code, label, count, is_open, table))
    return groups


def asks_for_mapping(load: Load) -> bool:
    """Whether the file could not be read as a whole, as with foreign headings."""
    return load.takes_mapping and load.remarks.filter(code="file").exists()


# --- Before and after


def changes(load: Load, request: HttpRequest) -> dict[str, Any]:
    """A page of the projects whose records would change, with figures before and after."""
    projects = Project.objects.filter(pk__in=staged_projects(load)).order_by("number", "pk")
    paginator = Paginator(projects, PROJECTS_AT_ONCE)
    page = paginator.get_page(request.GET.get("page"))
    rows = changed_figures(load, list(page.object_list))
    return {
        "changes": ChangeTable(rows, id="changes"),
        "changed_projects": paginator.count,
        "page_obj": page,
        "paginator": paginator,
        "page_numbers": list(
            paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ),
    }


def changed_figures(load: Load, projects: list[Project]) -> list[dict[str, Any]]:
    """Each figure of these projects that the release would change."""
    ids = [project.pk for project in projects]
    before, after = totals_compared(load, ids)
    rows = []
    for project in projects:
        old, new = (totals.get(project.pk, Totals()) for totals in (before, after))
        changed = [(each.label, each) for each in compared(old, new, COMPARED) if each.differs]
        rows += _rows(changed, project=project.number, url=project.get_absolute_url())
    return rows


def changes_of_funds(load: Load) -> dict[str, Any]:
    """Contributions and costs of the funds concerned, before and after."""
    changed = staged_funds(load)
    funds = Fund.objects.filter(pk__in=changed).order_by("code", "pk")[:FUNDS_AT_ONCE]
    totals = fund_totals(load, [fund.pk for fund in funds])
    rows = []
    for fund in funds:
        figures = totals.get(fund.pk, {})
        named = [(str(label), figures[name]) for name, label in FUND_MEASURES if name in figures]
        rows += _rows(named, fund=fund.code, url=fund.get_absolute_url())
    return {
        "fund_changes": FundChangeTable(rows, id="fund-changes"),
        "changed_funds": len(changed),
        "funds_left_out": max(0, len(changed) - FUNDS_AT_ONCE),
    }


def _rows(named: Iterable[tuple[str, BeforeAndAfter]], **of: Any) -> list[dict[str, Any]]:
    """A row for each figure that changes, or one that says that none does."""
    rows: list[dict[str, Any]] = [
        of
        | {
            "measure": label,
            "before": sums.before,
            "after": sums.after,
            "change": sums.difference,
            "held": sums,
        }
        for label, sums in named
    ]
    nothing = dict.fromkeys(("before", "after", "change", "held"))
    return rows or [of | nothing | {"measure": _("no figure changes")}]
