"""The organisation file: who the office is, what it paid out each year, its reports."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from lxml import etree

from documents.models import Document
from finance.models import Entry
from finance.models.figures import Measure
from portal.iati.mapping.links import link_to
from portal.iati.publishing.publisher import Publisher
from portal.iati.writer import VERSION, comment_line, document_element, set_attribute
from portal.kit.currency import base_currency

_OF_ORGANISATIONS = "B"  # categories of documents about an organization


def organisation_file(publisher: Publisher, generated: datetime, notice: str = "") -> bytes:
    """The whole file; what the office paid to organizations is its expenditure of a year."""
    root = etree.Element("iati-organisations")
    root.set("version", VERSION)
    root.set("generated-datetime", generated.isoformat())
    node = etree.SubElement(root, "iati-organisation")
    set_attribute(node, "xml:lang", "en")
    set_attribute(node, "default-currency", base_currency())
    set_attribute(node, "last-updated-datetime", generated)
    etree.SubElement(node, "organisation-identifier").text = publisher.ref
    _named(node, "name", publisher.office.name)
    reporting = _named(node, "reporting-org", publisher.office.name)
    set_attribute(reporting, "ref", publisher.ref)
    set_attribute(reporting, "type", publisher.office.iati_org_type)
    for year, amount in _paid_out():
        _year(node, year, amount)
    for document in _documents():
        document_element(node, link_to(document, site=publisher.site))
    etree.indent(root)
    body = etree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + comment_line(notice) + body + b"\n"


def _named(parent: etree._Element, tag: str, name: str) -> etree._Element:
    node = etree.SubElement(parent, tag)
    etree.SubElement(node, "narrative").text = name
    return node


def _paid_out() -> list[tuple[int, Decimal]]:
    """Transfers less refunds of the office's own funds, by year, where all are converted."""
    rows = (
        Entry.objects.known()
        .filter(project_fund__follows_rules=True)
        .filter(measure__in=(Measure.TRANSFER, Measure.REFUND))
        .order_by("year")
        .values_list("year", "measure")
        .annotate(Sum("base_amount"), Sum("unconverted"))
    )
    years: dict[int, Decimal] = {}
    unknown = set()
    for year, measure, amount, unconverted in rows:
        sign = 1 if measure == Measure.TRANSFER else -1
        years[year] = years.get(year, Decimal(0)) + sign * (amount or 0)
        if unconverted:
            unknown.add(year)
    return [(year, amount) for year, amount in sorted(years.items()) if year not in unknown]


def _year(parent: etree._Element, year: int, amount: Decimal) -> None:
    node = etree.SubElement(parent, "total-expenditure")
    first, last = date(year, 1, 1), date(year, 12, 31)
    for tag, day in (("period-start", first), ("period-end", last)):
        etree.SubElement(node, tag).set("iso-date", day.isoformat())
    value = etree.SubElement(node, "value")
    value.set("currency", base_currency())
    value.set("value-date", min(last, timezone.localdate()).isoformat())
    value.text = format(amount.normalize(), "f")


def _documents() -> list[Document]:
    public = Document.objects.public().filter(fund__follows_rules=True)
    found = public.filter(type__iati_category__startswith=_OF_ORGANISATIONS)
    return list(found.select_related("type").order_by("pk"))
