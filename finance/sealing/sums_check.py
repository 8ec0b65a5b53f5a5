"""Entries are what the records add, key figures what entries add up to; else where they differ."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from finance.figures.known_sums import OF_FUNDS, OF_ORGANIZATIONS, wrong_sums
from finance.figures.making import first_difference
from finance.figures.pace import first_wrong_pace
from finance.figures.roll_ups import VOUCHER_SUMS, first_wrong_sum
from finance.figures.side_by_side import (
    DERIVED_SIDE_BY_SIDE,
    ORGANIZATION_SUMS,
    SIDE_BY_SIDE,
    SUMMED_SIDE_BY_SIDE,
    SUMS_SIDE_BY_SIDE,
    YEARS,
)
from finance.figures.sums import Figure, figures_of, figures_of_entries
from finance.models import Load, Voucher, VoucherLine
from portal.kit.currency import told_in_base
from projects.models import Fund, Organization, Project

BATCH = 200

# Of a key figure: project, organization, year, category, measure, state.
Key = tuple[int, int | None, int, int | None, str, str]
Progress = Callable[[str, int, int], None]


def check_entries(project_ids: list[int], progress: Progress) -> Iterator[str]:
    """Entries of these projects, and those of no project, are what the records add."""
    for start in range(0, len(project_ids), BATCH):
        progress(_("entries"), start, len(project_ids))
        if found := first_difference(project_ids[start : start + BATCH]):
            yield _describe_entry(found)
    if found := first_difference(None):
        yield _describe_entry(found)


def _describe_entry(found: dict[str, Any]) -> str:
    names = {
        "row": found["line"],
        "file": Load.objects.values_list("file_name", flat=True).get(pk=found["load_id"]),
        "measure": " ".join(part for part in (found["measure"], found["state"]) if part),
        "year": found["year"],
        "amount": f"{found['currency']} {found['amount']}",
    }
    if found["is_kept"]:
        return (
            _(
                "Row %(row)s of “%(file)s”: an entry of %(amount)s (%(measure)s of %(year)s) is "
                "kept that its record does not bear out."
            )
            % names
        )
    return (
        _(
            "Row %(row)s of “%(file)s”: its entry of %(amount)s (%(measure)s of %(year)s) is "
            "missing."
        )
        % names
    )


def check_key_figures(project_ids: list[int], progress: Progress) -> Iterator[str]:
    """Key figures are what the entries add up to, to the last decimal."""
    for start in range(0, len(project_ids), BATCH):
        progress(_("key figures"), start, len(project_ids))
        batch = project_ids[start : start + BATCH]
        kept = {_key(figure): figure for figure in figures_of(batch)}
        derived = {_key(figure): figure for figure in figures_of_entries(batch)}
        for key in sorted(kept.keys() | derived.keys(), key=repr):
            old, new = kept.get(key), derived.get(key)
            same = old and new and (old.base_amount, old.records) == (new.base_amount, new.records)
            if not same:
                yield _describe_figure(key, old, new)


def check_roll_ups() -> Iterator[str]:
    """Sums of funds and organizations are what the entries add up to, after every release."""
    if found := first_wrong_sum():
        after = _("today") if found["at"] is None else f"{found['at']:%Y-%m-%d %H:%M}"
        yield told_in_base(
            _(
                "%(table)s, %(measure)s of %(year)s, %(after)s: the entries add up to "
                "%(currency)s %(derived)s, the sum kept says %(kept)s."
            ),
            table=found["table"],
            measure=" ".join(part for part in (found["measure"], found["state"]) if part),
            year=found["year"],
            after=after,
            derived=_("nothing") if found["derived"] is None else found["derived"],
            kept=_("nothing") if found["kept"] is None else found["kept"],
        )


_SIDE_BY_SIDE = """
SELECT number FROM projects_project AS p LEFT JOIN finance_projectsums AS sums ON project_id = p.id
LEFT JOIN LATERAL (
    SELECT {sums} FROM finance_keyfigure AS figure WHERE figure.project_id = p.id
) AS fresh ON TRUE
WHERE p.id = ANY(%s::bigint[]) AND {differ} ORDER BY number LIMIT 1
"""


# A rate is kept with as many decimals as the column has.
_DERIVED = """
sums.{name} IS DISTINCT FROM (SELECT ({sql})::numeric(50, 24) FROM (SELECT sums.*) AS own)
"""


def check_side_by_side(project_ids: list[int], progress: Progress) -> Iterator[str]:
    """What lists show of a project is what its key figures say."""
    differ = [f"sums.{name} IS DISTINCT FROM fresh.{name}" for name in SUMMED_SIDE_BY_SIDE]
    differ.append("sums.years IS DISTINCT FROM fresh.years")
    differ += [_DERIVED.format(name=name, sql=sql) for name, sql in DERIVED_SIDE_BY_SIDE.items()]
    sql = _SIDE_BY_SIDE.format(
        sums=f"{SUMS_SIDE_BY_SIDE}, {YEARS} AS years",
        differ="(" + " OR ".join(differ) + ")",
    )
    for start in range(0, len(project_ids), BATCH):
        progress(_("sums of lists"), start, len(project_ids))
        with connection.cursor() as cursor:
            cursor.execute(sql, [project_ids[start : start + BATCH]])
            for (number,) in cursor.fetchall():
                yield _("Project %(number)s: lists say another sum than its key figures.") % {
                    "number": number
                }


def check_paces(project_ids: list[int], progress: Progress) -> Iterator[str]:
    """When the money of a project first moved is what its records say."""
    for start in range(0, len(project_ids), BATCH):
        progress(_("first days"), start, len(project_ids))
        if number := first_wrong_pace(project_ids[start : start + BATCH]):
            yield _("Project %(number)s: its first days are not those of its records.") % {
                "number": number
            }


def _key(figure: Figure) -> Key:
    return (
        figure.project_id,
        figure.organization_id,
        figure.year,
        figure.category_id,
        str(figure.measure),
        figure.state,
    )


def _describe_figure(key: Key, kept: Figure | None, derived: Figure | None) -> str:
    number = Project.objects.values_list("number", flat=True).get(pk=key[0])
    return told_in_base(
        _(
            "Project %(number)s, %(measure)s of %(year)s: the records add up to %(currency)s "
            "%(derived)s, the key figure says %(kept)s."
        ),
        number=number,
        measure=" ".join(part for part in key[4:] if part),
        year=key[2],
        derived=derived.base_amount if derived else _("nothing"),
        kept=kept.base_amount if kept else _("nothing"),
    )


_VOUCHER_TOTALS = """
SELECT number, coalesce(paid, 0), coalesce(kept, 0) FROM projects_project AS p
LEFT JOIN (
    SELECT project_id, sum(base_amount) AS paid FROM finance_voucherline
    WHERE withdrawn_by_id IS NULL GROUP BY 1) AS lines ON lines.project_id = p.id
LEFT JOIN (
    SELECT project_id, sum(CASE measure WHEN 'transfer' THEN base_amount
        ELSE -base_amount END) AS kept
    FROM finance_keyfigure WHERE measure IN ('transfer', 'refund') GROUP BY 1
) AS figures ON figures.project_id = p.id
WHERE p.id = ANY(%s::bigint[]) AND coalesce(paid, 0) <> coalesce(kept, 0) ORDER BY number LIMIT 1
"""


_NAMES = ", ".join(SIDE_BY_SIDE)
_ROUNDED = _NAMES.replace("delivery_rate", "delivery_rate::numeric(50, 24)")
_WRONG_ORGANIZATIONS = f"""
WITH fresh AS (
    SELECT organization_id, {_ROUNDED} FROM ({ORGANIZATION_SUMS.format(which="TRUE")}) AS worked_out
), kept AS (SELECT organization_id, {_NAMES} FROM finance_organizationsums)
SELECT code FROM projects_organization WHERE id IN (
    (SELECT organization_id FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh) AS too_much)
    UNION
    SELECT organization_id FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept) AS too_little
) ORDER BY code LIMIT 1
"""  # noqa: S608 – only names of our own columns and tables


def check_organization_sums() -> Iterator[str]:
    """What lists show of an organization is what its sums by fund and year say, then too."""
    wrong = _("Organization %(code)s: lists say another sum than its figures.")
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_ORGANIZATIONS)
        for (code,) in cursor.fetchall():
            yield wrong % {"code": code}
        cursor.execute(wrong_sums(OF_ORGANIZATIONS))
        for (pk,) in cursor.fetchall():
            yield wrong % {"code": Organization.objects.get(pk=pk).code}


def check_fund_sums() -> Iterator[str]:
    """What lists show of a fund is what its sums by year say, today and then."""
    with connection.cursor() as cursor:
        cursor.execute(wrong_sums(OF_FUNDS))
        for (pk,) in cursor.fetchall():
            yield _("Fund %(code)s: lists say another sum than its figures.") % {
                "code": Fund.objects.get(pk=pk).code
            }


_WRONG_VOUCHERS = """
SELECT coalesce(kept.voucher_id, fresh.voucher_id) FROM finance_vouchersums AS kept
FULL JOIN ({fresh}) AS fresh ON fresh.voucher_id = kept.voucher_id
WHERE (kept.line_count, kept.total, kept.left_out, kept.payee_name, kept.fund_name,
        kept.payment_date)
    IS DISTINCT FROM (fresh.line_count::int, fresh.total, fresh.left_out::int, fresh.payee_name,
        fresh.fund_name, fresh.payment_date)
ORDER BY 1 LIMIT 1
"""


def check_voucher_sums() -> Iterator[str]:
    """What lists show of a voucher is what its lines add up to."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_VOUCHERS.format(fresh=VOUCHER_SUMS.format(which="TRUE")))
        for (pk,) in cursor.fetchall():
            yield _("Voucher %(number)s (%(id)s): lists say another sum than its lines.") % {
                "number": Voucher.objects.get(pk=pk),
                "id": pk,
            }


def check_voucher_totals(project_ids: list[int]) -> Iterator[str]:
    """Voucher lines add up to transfers less refunds, and each stands on a voucher."""
    with connection.cursor() as cursor:
        cursor.execute(_VOUCHER_TOTALS, [project_ids])
        for number, paid, kept in cursor.fetchall():
            yield told_in_base(
                _(
                    "Project %(number)s: its voucher lines add up to %(currency)s %(paid)s, its "
                    "transfers less refunds to %(kept)s."
                ),
                number=number,
                paid=paid,
                kept=kept,
            )
    lines = VoucherLine.objects.filter(project__in=project_ids)
    lost = lines.exclude(voucher__in=Voucher.objects.values("pk"))
    for line in lost.select_related("load")[:1]:
        yield _("Row %(row)s of “%(file)s” stands on a voucher that is not there.") % {
            "row": line.line,
            "file": line.load.file_name,
        }
