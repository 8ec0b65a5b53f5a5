"""Builds one stated activity from its child elements, as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from portal.iati import elements as read
from portal.iati.described import TAGS, Tree, Unfit, tree_of
from portal.iati.element import Context, Element
from portal.iati.errors import FaultyActivity, Refused
from portal.iati.stated import StatedActivity, StatedBudget, StatedTransaction
from portal.iati.stream import XML_LANG, Node, readable_name
from portal.iati.values import date, identifier, moment

_DATE_TYPES = ("1", "2", "3", "4")
MAX_IDENTIFIER = 200


def budget(element: Element) -> StatedBudget:
    """Read a budget."""
    stated = StatedBudget(
        type=element.code("type"),
        status=element.code("status"),
        period_start=element.required_date("period-start"),
        period_end=element.required_date("period-end"),
        value=element.value(),
        line=element.line,
    )
    element.close()
    return stated


def transaction(element: Element) -> StatedTransaction:
    """Read a transaction; a type that the standard does not know is kept as stated."""
    kind = element.codes("transaction-type")
    if len(kind) != 1:
        reason = _('a transaction needs one type. Add <transaction-type code="…"/>.')
        raise Refused(element.line, reason)
    sectors = [read.sector(child) for child in element.children("sector")]
    countries = [read.country(child) for child in element.children("recipient-country")]
    regions = [read.region(child) for child in element.children("recipient-region")]
    stated = StatedTransaction(
        type=kind[0],
        date=element.required_date("transaction-date"),
        value=element.value(),
        ref=element.code("ref"),
        humanitarian=element.flag("humanitarian"),
        description=element.texts_of("description", paragraphs=True),
        provider=read.party(element, "provider"),
        receiver=read.party(element, "receiver"),
        sectors=tuple(filter(None, sectors)),
        countries=tuple(filter(None, countries)),
        regions=tuple(filter(None, regions)),
        codes=tuple(read.codes(element)),
        line=element.line,
    )
    element.close()
    return stated


_MANY: dict[str, tuple[str, Callable[[Element], Any]]] = {
    "description": ("descriptions", read.description),
    "participating-org": ("participating_orgs", read.organization),
    "other-identifier": ("other_identifiers", read.other_identifier),
    "contact-info": ("contacts", read.contact),
    "recipient-country": ("countries", read.country),
    "recipient-region": ("regions", read.region),
    "sector": ("sectors", read.sector),
    "budget": ("budgets", budget),
    "transaction": ("transactions", transaction),
    "document-link": ("documents", read.document),
    "related-activity": ("related_activities", read.relation),
}


class Builder:
    """Collects an activity's children (an ActivityBuilder for the stream)."""

    def __init__(
        self, node: Node, file_language: str, currencies: Mapping[str, str] | None = None
    ) -> None:
        self._line = node.line
        self._many: dict[str, list[Any]] = {field: [] for field, _read in _MANY.values()}
        self._one: dict[str, Any] = {}
        self._dates: dict[str, Any] = {}
        self._unplaced: Counter[str] = Counter()
        self._faults: list[Refused] = []
        self._described: list[Tree] = []
        self._context = Context("", None, self._unplaced, currencies)
        try:
            self._read_attributes(Element(node, "iati-activity", self._context), file_language)
        except Refused as fault:
            self._faults.append(fault)

    def _read_attributes(self, element: Element, file_language: str) -> None:
        language = element.code(XML_LANG).lower() or file_language
        currency = element.currency("default-currency")
        self._context.language, self._context.currency = language, currency
        self._one |= {
            "language": language,
            "default_currency": currency,
            "humanitarian": element.flag("humanitarian"),
            "hierarchy": self._hierarchy(element),
        }
        updated = element.raw("last-updated-datetime") or ""
        self._one["last_updated"] = moment(updated)
        if updated.strip() and self._one["last_updated"] is None:
            self._unplaced["iati-activity/@last-updated-datetime"] += 1
        element.close()

    def _hierarchy(self, element: Element) -> int:
        stated = element.code("hierarchy")
        if stated.isdecimal() and len(stated) < 3:
            return int(stated)
        if stated:
            self._unplaced["iati-activity/@hierarchy"] += 1
        return 1

    def wants(self, tag: str) -> bool:
        """Tell whether a child of this name is read; if not, it is counted."""
        if tag in _MANY or tag in self._READERS or tag in TAGS:
            return True
        self._unplaced[readable_name(tag)] += 1
        return False

    def add(self, child: Node) -> None:
        """Take one finished child element; what is wrong in it is kept for the end."""
        try:
            self._take(child)
        except Refused as fault:
            self._faults.append(fault)

    def _take(self, child: Node) -> None:
        if child.tag in TAGS:
            self._describe(child)
            return
        element = Element(child, child.tag, self._context)
        if child.tag in _MANY:
            field, reading = _MANY[child.tag]
            stated = reading(element)
            if stated is not None:
                self._many[field].append(stated)
        else:
            self._READERS[child.tag](self, element)

    def _describe(self, child: Node) -> None:
        """Keep an element as it stands, unless the schema does not take it."""
        dropped: list[str] = []
        if TAGS[child.tag] and any(tree[0] == child.tag for tree in self._described):
            self._unplaced[child.tag] += 1
            return
        context = self._context
        try:
            tree = tree_of(child, context.language, context.currency, dropped)
        except Unfit:
            self._unplaced[f"{child.tag}: not as the schema has it"] += 1
            return
        self._described.append(tree)
        self._unplaced.update(dropped)

    def _identifier(self, element: Element) -> None:
        text = identifier(element.own_text())
        if "identifier" in self._one:
            reason = _("this activity has two <iati-identifier> elements. Keep one.")
            raise Refused(element.line, reason)
        if not text:
            raise Refused(element.line, _no_identifier())
        self._one["identifier"] = text
        if len(text) > MAX_IDENTIFIER:
            reason = _("its identifier has more than %(limit)d letters. Shorten it at the source.")
            raise Refused(element.line, reason % {"limit": MAX_IDENTIFIER})
        element.close()

    def _reporting_org(self, element: Element) -> None:
        if "reporting_org" in self._one:
            element.unread()
            return
        stated = read.organization(element)
        if stated is not None:
            self._one["reporting_org"] = stated

    def _title(self, element: Element) -> None:
        if "titles" in self._one:
            element.unread()
            return
        self._one["titles"] = element.texts()
        element.close()

    def _status(self, element: Element) -> None:
        if "status" in self._one:
            element.unread()
            return
        self._one["status"] = element.code("code")
        element.close()

    def _date(self, element: Element) -> None:
        kind = element.code("type")
        day = date(element.raw("iso-date"), element.line)
        if day is None or kind not in _DATE_TYPES or kind in self._dates:
            element.unread()
            return
        self._dates[kind] = day
        element.close()

    _READERS: ClassVar = {
        "iati-identifier": _identifier,
        "reporting-org": _reporting_org,
        "title": _title,
        "activity-status": _status,
        "activity-date": _date,
    }

    def finish(self) -> StatedActivity | FaultyActivity:
        """Return the activity after its last child, or all that is wrong with it."""
        if "identifier" not in self._one and not self._faults:
            self._faults.append(Refused(self._line, _no_identifier()))
        if self._faults:
            name = self._one.get("identifier", "")
            return FaultyActivity(name, self._line, tuple(self._faults))
        many = {field: tuple(found) for field, found in self._many.items()}
        stated: dict[str, Any] = self._one | many
        return StatedActivity(
            **stated,
            dates=self._dates,
            described=tuple(self._described),
            unplaced=self._unplaced,
            line=self._line,
        )


def _no_identifier() -> str:
    return _("this activity has no identifier. Add <iati-identifier> with its identifier.")
