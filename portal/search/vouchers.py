"""Finding payments and agreements: vouchers by number, arrangements by reference."""

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.figures.vouchers import with_sums
from finance.models import Commitment, Voucher
from portal.kit.currency import told_in_base
from portal.kit.dates import TODAY
from portal.kit.formatting import cents, day
from portal.search.hits import SHOWN, Group, Hit
from portal.search.words import Asked
from projects.models import Organization


def found_vouchers(asked: Asked) -> Group:
    """Vouchers of this number, or of one that begins so."""
    group = Group("vouchers", _("Vouchers"))
    if not asked.is_code:
        return group
    rows = (
        with_sums(Voucher.objects.select_related("payee", "fund"), TODAY)
        .alias(any_case=Lower("number"))
        .filter(any_case__startswith=asked.code)
        .order_by(Lower("number"), "-payment_date", "pk")
    )
    hits = list(rows[:SHOWN])
    group.hits = [
        Hit(voucher.number, voucher.get_absolute_url(), "", _voucher_facts(voucher))
        for voucher in hits
    ]
    group.is_exact = any(voucher.number.lower() == asked.code for voucher in hits)
    return group


def found_arrangements(asked: Asked) -> Group:
    """Arrangements between contributors and funds, by their reference."""
    group = Group("arrangements", _("Arrangements"))
    if not asked.is_code:
        return group
    rows = (
        Commitment.objects.known_at(None)
        .alias(any_case=Lower("arrangement"))
        .filter(any_case__startswith=asked.code)
        .exclude(contributor=None)
        .exclude(contributor__kind=Organization.Kind.INDIVIDUALS)
        .order_by("arrangement")
        .values_list("arrangement", "contributor__code", "contributor__name", "fund__name")
        .distinct()
    )
    hits = list(rows[:SHOWN])
    group.hits = [
        Hit(
            reference,
            reverse("contributor", args=[code]),
            "",
            (_("%(contributor)s to %(fund)s") % {"contributor": contributor, "fund": fund},),
        )
        for reference, code, contributor, fund in hits
    ]
    group.is_exact = any(reference.lower() == asked.code for reference, *_rest in hits)
    return group


def _voucher_facts(voucher: Voucher) -> tuple[str, ...]:
    payee = voucher.payee.name if voucher.payee else ""
    total = getattr(voucher, "total", None)
    amount = (
        told_in_base("%(currency)s %(amount)s", amount=cents(total)) if total is not None else ""
    )
    return tuple(filter(None, (day(voucher.payment_date), payee, voucher.fund.name, amount)))
