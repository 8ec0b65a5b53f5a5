"""Checked loads of decisions and of sub-grants."""

from django.core.files.base import ContentFile

from finance.loading.services import check_load, receive_load
from finance.models import Load
from tests.factories import SourceFactory

HEADS = {
    "decisions": "date,fund,project,organization,body,reference,kind,amount,currency,minutes,"
    "conditions",
    "sub-grants": "date,project,organization,partner,partner_type,women_led,amount,currency,"
    "period_start,period_end,description",
}
DECISIONS, SUB_GRANTS = HEADS


def load_of(kind: str, *rows: str) -> Load:
    """A checked load of these rows."""
    source, _made = SourceFactory._meta.model.objects.get_or_create(code="board")
    content = ContentFile("\n".join([HEADS[kind], *rows]).encode())
    return check_load(receive_load(source=source, kind=kind, content=content, name="d.csv"))
