"""Finding payments and agreements: vouchers by number, arrangements by reference."""

import re
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance.figures.vouchers import with_sums
from finance.models import Commitment, Voucher
from portal.kit.currency import told_in_base
from portal.kit.dates import TODAY
from portal.kit.formatting import cents, day, money
from portal.kit.tables.parts import Parts
from portal.kit.text import last_number, squeezed
from portal.kit.together import first_with_rows
from portal.search.hits import COUNTED, SHOWN, Group, Hit, Match
from portal.search.names import has_word
from portal.search.words import Asked
from projects.models import Fund, Organization

# So many letters begin a reference.
SHORTEST = 3
# What comes before the last number of a code, and that number without its zeros.
_LAST_NUMBER = re.compile(r"(.*?[^0-9])0*([1-9][0-9]*)")


def found_vouchers(asked: Asked) -> Group:
    """Vouchers of this number, with or without its zeros, or of one that begins so."""
    group = Group("vouchers", _("Vouchers"))
    rows = of_code(Voucher.objects.all(), "number", asked, group)
    if rows is None:
        return group
    if group.missing:
        rows = _narrowed(rows, group)
    group.count = rows.order_by()[: COUNTED + 1].count()
    shown = with_sums(rows.select_related("payee", "fund"), TODAY)
    group.hits = [
        Hit(voucher.number, voucher.get_absolute_url(), "", _voucher_facts(voucher))
        for voucher in shown.order_by("-payment_date", "pk")[:SHOWN]
    ]
    if group.count > SHOWN and group.hits:
        query = urlencode({"q": group.hits[0].name if group.match == Match.EXACT else asked.text})
        group.url = f"{reverse('voucher-list')}?{query}"
    return group


_PLEDGED, _SIGNED = Q(is_pledge=True), Q(is_pledge=False)


def found_arrangements(asked: Asked) -> Group:
    """Arrangements between contributors and funds, by their reference or its last parts."""
    group = Group("arrangements", _("Arrangements"))
    arrangements = (
        Commitment.objects.known_at(None)
        .exclude(contributor=None)
        .exclude(contributor__kind=Organization.Kind.INDIVIDUALS)
        .exclude(arrangement="")
    )
    rows = of_code(arrangements, "arrangement", asked, group, within=True)
    if rows is None:
        return group
    found = (
        rows.order_by("arrangement")
        .values("arrangement", "contributor__code", "contributor__name", "fund__name")
        .annotate(
            amount=Sum("base_amount", filter=_SIGNED),
            left_out=Count("pk", filter=_SIGNED & Q(base_amount=None)),
            signed=Max("date", filter=_SIGNED),
            pledge=Sum("base_amount", filter=_PLEDGED),
            pledge_left_out=Count("pk", filter=_PLEDGED & Q(base_amount=None)),
            pledged=Max("date", filter=_PLEDGED),
        )
    )
    group.count = found.count()
    group.hits = [
        Hit(
            row["arrangement"],
            reverse("contributor", args=[row["contributor__code"]]),
            "",
            (
                _("%(contributor)s to %(fund)s")
                % {"contributor": row["contributor__name"], "fund": row["fund__name"]},
                *_promised(_("signed on %(day)s"), row["signed"], row["amount"], row["left_out"]),
                *_promised(
                    _("pledged on %(day)s"), row["pledged"], row["pledge"], row["pledge_left_out"]
                ),
            ),
        )
        for row in found[:SHOWN]
    ]
    return group


def _promised(text: str, on: Any, amount: Any, left_out: int) -> tuple[str, ...]:
    """When it was, and how much; nothing where it was not."""
    return (text % {"day": day(on)}, *_amount(amount, left_out, money)) if on else ()


def of_code(
    rows: QuerySet, field: str, asked: Asked, group: Group, *, within: bool = False
) -> QuerySet | None:
    """Rows with this code, however it is written; else with one that begins so; else with one
    that stands among other words. None where there is none; `group` is told how they match.

    With `within`, which reads all rows, the text may be a beginning without digits, or any last
    part of the code; else only its last number, with or without the zeros before it.
    """
    rows = rows.alias(code=squeezed(field), digits=last_number(field))
    alone = asked.of(group.kind)
    whole = dict.fromkeys((asked, asked.of(group.kind, is_numbered=False), alone))
    ways = [(one, *way) for one in whole for way in _ways(one, within=within)]
    beside = len(ways)
    ways += [(one, _exactly(one, within=within), Match.EXACT) for one in alone.codes_within]
    first = first_with_rows(*(rows.filter(wanted) for _one, wanted, _match in ways))
    if first is None:
        return None
    one, wanted, group.match = ways[first]
    if first >= beside:
        group.beside = [word for word in alone.words if word not in one.words]
        group.missing = len(group.beside)
    return rows.filter(wanted)


def _ways(asked: Asked, *, within: bool) -> list[tuple[Q, Match]]:
    is_begun = within and len(asked.code) >= SHORTEST and " " not in asked.text.strip()
    if not asked.may_be_code and not is_begun:
        return []
    begins = Q(code__startswith=asked.code)
    if within and asked.may_be_code:
        begins |= Q(code__endswith=asked.code)
    return [(_exactly(asked, within=within), Match.EXACT), (begins, Match.NAME_BEGINS)]


def _exactly(asked: Asked, *, within: bool) -> Q:
    exact = Q(code=asked.code) | _without_zeros(asked)
    return exact | Q(digits=asked.number) if asked.number and not within else exact


def _without_zeros(asked: Asked) -> Q:
    """Of a code with its last number written without the zeros before it: "UNDP-714028"."""
    parts = _LAST_NUMBER.fullmatch(asked.code)
    if parts is None:
        return Q(pk__in=())
    start, number = parts.groups()
    return Q(digits=number, code__regex=f"^{start}0*{number}$")


def _narrowed(rows: QuerySet, group: Group) -> QuerySet:
    """Of vouchers with the same number those whose payee or fund the other words name, if any."""
    named = rows
    for word in group.beside:
        payee, fund = (model.objects.filter(has_word(word)) for model in (Organization, Fund))
        named = named.filter(Q(payee__in=payee) | Q(fund__in=fund))
    if not named.exists():
        return rows
    group.missing = 0
    return named


def _voucher_facts(voucher: Voucher) -> tuple[str, ...]:
    payee = voucher.payee.name if voucher.payee else ""
    left_out = getattr(voucher, "left_out", 0)
    amount = _amount(getattr(voucher, "total", None), left_out, cents)
    return tuple(filter(None, (day(voucher.payment_date), payee, voucher.fund.name, *amount)))


def _amount(amount: Any, left_out: int, form: Any) -> tuple[str, ...]:
    """An amount, and how many more it leaves out."""
    parts = Parts(unconverted=left_out)
    is_known = amount is not None and not parts.hide(amount)
    told = told_in_base("%(currency)s %(amount)s", amount=form(amount)) if is_known else ""
    return tuple(filter(None, (told, parts.words)))
