"""Exchange rates: a load of rates restates those records that it is the first to convert.

A converted record never changes. The form of the file is that of the UN's operational rates:
currency, effective date, units per base currency.
"""

from finance.conversion import Rates
from finance.models import Load, MoneyRecord
from finance.models.record_kinds import MONEY_MODELS
from portal.kit.currency import NO_CURRENCY

SOURCE = "exchange-rates"
CHUNK = 1000


def restate(load: Load) -> tuple[int, set[int]]:
    """State again, with their base amount, the standing records that now have a rate.

    Returns how many, and the ids of the projects concerned.
    """
    rates = Rates()
    touched: set[int] = set()
    count = sum(_restate(load, model, rates, touched) for model in MONEY_MODELS.values())
    return count, touched


def _restate(load: Load, model: type[MoneyRecord], rates: Rates, touched: set[int]) -> int:
    waiting = (
        model.objects.known_at().filter(base_amount__isnull=True).exclude(currency=NO_CURRENCY)
    )
    restated = []
    for record in waiting.order_by("pk"):
        day = record.value_date or record.date
        base_amount, rate = rates.convert(record.amount, record.currency, day)
        if base_amount is None:
            continue
        old = record.pk
        record.pk, record._state.adding = None, True
        record.base_amount, record.rate = base_amount, rate
        record.load, record.restates_id = load, old
        restated.append(record)
        if project := getattr(record, "project_id", None):
            touched.add(project)
    model.objects.filter(pk__in=[record.restates_id for record in restated]).update(
        withdrawn_by=load
    )
    model.objects.bulk_create(restated, batch_size=CHUNK)
    return len(restated)
