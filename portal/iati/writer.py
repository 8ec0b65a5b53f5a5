"""Writes stated activities as an IATI 2.03 file, one at a time.

What the standard requires and an activity lacks is written as an empty element, never
invented; the reader takes such elements for nothing. Two cases cannot be helped so: a value
without a value date gets the date of its transaction or the start of its period, and an
activity without any date has no `activity-date`, which the schema then misses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _
from lxml import etree

from portal.iati import stated as st
from portal.iati.described import as_element, named
from portal.iati.elements import CODES
from portal.kit.language.markup import escaped

VERSION = "2.03"
# Between sectors and budgets, in the order of the schema.
_MARKS = (
    *("tag", "country-budget-items", "humanitarian-scope", "policy-marker", "collaboration-type"),
    *("default-flow-type", "default-finance-type", "default-aid-type", "default-tied-status"),
)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | dt.date | Decimal | bool | int | None


def write_activities(
    activities: Iterable[st.StatedActivity],
    out: BinaryIO,
    *,
    generated: dt.datetime,
    comment: str | None = None,
) -> int:
    """Write the activities to `out` as they come and return how many there were.

    If `activities` raises, so does this, and the file lacks its end tag: it can never be
    taken for a complete one (lxml's own xmlfile would close it).
    """
    file = ActivityFile(out, generated=generated, comment=comment)
    for activity in activities:
        file.add(activity)
    file.close()
    return file.count


class ActivityFile:
    """A file that is written activity by activity; without `close` it lacks its end."""

    def __init__(
        self, out: BinaryIO, *, generated: dt.datetime, comment: str | None = None
    ) -> None:
        self.out = out
        self.count = 0
        date = quoteattr(generated.isoformat())
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + comment_line(comment))
        start = f'<iati-activities version="{VERSION}" generated-datetime={date}>\n'
        out.write(start.encode())

    def add(self, activity: st.StatedActivity) -> bytes:
        """Write one; returns it as it was written."""
        node = activity_element(activity)
        written: bytes = etree.tostring(node, encoding="utf-8", pretty_print=True)
        self.repeat(written)
        return written

    def repeat(self, written: bytes) -> None:
        """Write one as another file has it."""
        self.out.write(written)
        self.count += 1

    def close(self) -> None:
        """Write the end."""
        self.out.write(b"</iati-activities>\n")


def comment_line(text: str | None) -> bytes:
    """A comment as a line of its own; none, if there is nothing to say."""
    if not text:
        return b""
    comment: bytes = etree.tostring(etree.Comment(_comment_text(text)), encoding="utf-8")
    return comment + b"\n"


def clean(text: str) -> str:
    """Drop the characters that XML forbids, such as control characters."""
    return _FORBIDDEN.sub("", text)


def activity_element(activity: st.StatedActivity) -> etree._Element:
    """Return the activity as an element, its children in the order of the schema."""
    node = etree.Element("iati-activity")
    _set(node, "last-updated-datetime", activity.last_updated)
    _set(node, _XML_LANG, activity.language)
    _set(node, "default-currency", activity.default_currency)
    _set(node, "humanitarian", activity.humanitarian)
    _set(node, "hierarchy", activity.hierarchy)
    _child(node, "iati-identifier").text = clean(activity.identifier)
    _who_and_what(node, activity)
    _when_and_where(node, activity)
    _described(node, activity, *_MARKS)
    for budget in activity.budgets:
        _budget(node, budget)
    _described(node, activity, "planned-disbursement", "capital-spend")
    for transaction in activity.transactions:
        _transaction(node, transaction)
    if activity.default_currency is None:
        _note_what_has_no_currency(node)
    for document in activity.documents:
        document_element(node, document)
    for related in activity.related_activities:
        _child(node, "related-activity", {"ref": related.ref, "type": related.type}, keep=True)
    _described(node, activity, "conditions", "result")
    return node


def _described(node: etree._Element, activity: st.StatedActivity, *tags: str) -> None:
    for tag in tags:
        node.extend(as_element(tree) for tree in named(activity.described, tag))


def _who_and_what(node: etree._Element, activity: st.StatedActivity) -> None:
    reporting = activity.reporting_org
    _organization(node, "reporting-org", reporting, "activity-id", required=("ref", "type"))
    _texts(_child(node, "title"), activity.titles, required=True)
    for description in activity.descriptions or (st.StatedDescription(),):
        child = _child(node, "description", {"type": description.type})
        _texts(child, description.texts, required=True)
    for participating in activity.participating_orgs or (st.StatedOrganization(),):
        _organization(node, "participating-org", participating, "activity-id", required=("role",))
    for other in activity.other_identifiers:
        child = _child(node, "other-identifier", {"ref": other.ref, "type": other.type}, keep=True)
        if other.owner_ref or other.owner_names:
            _texts(_child(child, "owner-org", {"ref": other.owner_ref}), other.owner_names)


def _when_and_where(node: etree._Element, activity: st.StatedActivity) -> None:
    _child(node, "activity-status", {"code": activity.status}, keep=True)
    for kind, day in activity.dates.items():
        _child(node, "activity-date", {"type": kind, "iso-date": day})
    for contact in activity.contacts:
        _contact(node, contact)
    _described(node, activity, "activity-scope")
    _places(node, activity.countries, activity.regions)
    _described(node, activity, "location")
    _sectors(node, activity.sectors)


def _contact(parent: etree._Element, contact: st.StatedContact) -> None:
    node = _child(parent, "contact-info", {"type": contact.type})
    _named(node, "organisation", contact.organization)
    _named(node, "department", contact.department)
    _named(node, "person-name", contact.person)
    _named(node, "job-title", contact.job_title)
    plain = (
        ("telephone", contact.telephones),
        ("email", contact.emails),
        ("website", contact.websites),
    )
    for tag, texts in plain:
        for text in texts:
            _child(node, tag).text = clean(text)
    for address in contact.addresses:
        _named(node, "mailing-address", address)


def _places(
    parent: etree._Element,
    countries: tuple[st.StatedCountry, ...],
    regions: tuple[st.StatedRegion, ...],
) -> None:
    for country in countries:
        stated = {"code": country.code, "percentage": country.percentage}
        _texts(_child(parent, "recipient-country", stated), country.names)
    for region in regions:
        _texts(_child(parent, "recipient-region", _of_vocabulary(region)), region.names)


def _sectors(parent: etree._Element, sectors: tuple[st.StatedSector, ...]) -> None:
    for sector in sectors:
        _texts(_child(parent, "sector", _of_vocabulary(sector)), sector.names)


def _of_vocabulary(stated: st.StatedRegion | st.StatedSector) -> dict[str, Value]:
    return {
        "code": stated.code,
        "vocabulary": stated.vocabulary,
        "vocabulary-uri": stated.vocabulary_uri,
        "percentage": stated.percentage,
    }


def _budget(parent: etree._Element, budget: st.StatedBudget) -> None:
    node = _child(parent, "budget", {"type": budget.type, "status": budget.status})
    _child(node, "period-start", {"iso-date": budget.period_start})
    _child(node, "period-end", {"iso-date": budget.period_end})
    _value(node, budget.value, budget.period_start)


def _transaction(parent: etree._Element, transaction: st.StatedTransaction) -> None:
    stated = {"ref": transaction.ref, "humanitarian": transaction.humanitarian}
    node = _child(parent, "transaction", stated)
    _child(node, "transaction-type", {"code": transaction.type}, keep=True)
    _child(node, "transaction-date", {"iso-date": transaction.date})
    _value(node, transaction.value, transaction.date)
    _named(node, "description", transaction.description)
    if transaction.provider:
        _organization(node, "provider-org", transaction.provider, "provider-activity-id")
    if transaction.receiver:
        _organization(node, "receiver-org", transaction.receiver, "receiver-activity-id")
    codes = {tag: [each for each in transaction.codes if each.tag == tag] for tag in CODES}
    _codes(node, codes.pop("disbursement-channel"))
    _sectors(node, transaction.sectors)
    _places(node, transaction.countries, transaction.regions)
    for each in codes.values():
        _codes(node, each)


def _codes(parent: etree._Element, codes: Iterable[st.StatedCode]) -> None:
    for each in codes:
        _child(parent, each.tag, {"code": each.code, "vocabulary": each.vocabulary})


def _value(parent: etree._Element, value: st.StatedValue, day: dt.date) -> None:
    stated = {"currency": value.currency, "value-date": value.value_date or day}
    _child(parent, "value", stated).text = _text(value.amount)


def _note_what_has_no_currency(node: etree._Element) -> None:
    """Say of each value without a currency that none was stated, so that nobody guesses one."""
    for value in node.iterfind("*/value"):
        if "currency" not in value.attrib:
            value.addprevious(etree.Comment(_comment_text(_("The currency was not stated."))))


def document_element(parent: etree._Element, document: st.StatedDocument) -> None:
    """Add the link to an activity or organisation."""
    stated = {"url": document.url, "format": document.format}
    node = _child(parent, "document-link", stated, keep=True)
    _texts(_child(node, "title"), document.titles, required=True)
    _named(node, "description", document.descriptions)
    for category in document.categories or ("",):
        _child(node, "category", {"code": category}, keep=True)
    for language in document.languages:
        _child(node, "language", {"code": language})
    if document.document_date:
        _child(node, "document-date", {"iso-date": document.document_date})


def _organization(
    parent: etree._Element,
    tag: str,
    organization: st.StatedOrganization,
    activity_id: str,
    required: tuple[str, ...] = (),
) -> None:
    node = _child(parent, tag)
    stated = {
        "ref": organization.ref,
        "type": organization.type,
        "role": organization.role,
        activity_id: organization.activity_id,
    }
    for name, text in stated.items():
        _set(node, name, text, keep=name in required)
    _texts(node, organization.names, required="ref" in required)


def _named(parent: etree._Element, tag: str, texts: st.Texts) -> None:
    if texts:
        _texts(_child(parent, tag), texts)


def _texts(node: etree._Element, texts: st.Texts, *, required: bool = False) -> None:
    if required and not texts:
        texts = {"": ""}
    for language, text in texts.items():
        child = _child(node, "narrative")
        _set(child, _XML_LANG, language)
        child.text = escaped(clean(text))


def _child(
    parent: etree._Element,
    tag: str,
    stated: Mapping[str, Value] | None = None,
    *,
    keep: bool = False,
) -> etree._Element:
    node = etree.SubElement(parent, tag)
    for name, value in (stated or {}).items():
        _set(node, name, value, keep=keep)
    return node


def set_attribute(node: etree._Element, name: str, value: Value) -> None:
    """Set an attribute as the standard writes its value."""
    _set(node, _XML_LANG if name == "xml:lang" else name, value)


def _set(node: etree._Element, name: str, value: Value, *, keep: bool = False) -> None:
    """Set an attribute; an empty one only where the schema requires it (`keep`)."""
    text = _text(value)
    if text or keep:
        node.set(name, text)


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")  # str() would write an exponent, which IATI forbids.
    if isinstance(value, dt.date):
        return value.isoformat()
    return clean(str(value))


def _comment_text(text: str) -> str:
    """Two hyphens would end an XML comment too early."""
    text = re.sub("-(?=-)", "- ", clean(text))
    return f" {text} "
