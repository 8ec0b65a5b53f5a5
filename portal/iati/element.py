"""One XML element being read, so that what nobody reads is counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from itertools import filterfalse

from django.utils.translation import gettext as _

from portal.iati.errors import Refused
from portal.iati.stated import StatedValue, Texts
from portal.iati.stream import XML_LANG, Node, is_parser_hint, readable_name
from portal.iati.values import (
    amount,
    boolean,
    currency,
    date,
    identifier,
    one_line,
    percentage,
)
from portal.kit.language.markup import plain
from portal.kit.safe import seen_text
from portal.kit.years import OUTSIDE, is_plausible


class Context:
    """What holds for a whole activity while it is read."""

    __slots__ = ("currencies", "currency", "language", "unplaced")

    def __init__(
        self,
        language: str,
        currency: str | None,
        unplaced: Counter[str],
        currencies: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        self.currency = currency
        self.unplaced = unplaced
        # What is no code of a currency → the code that staff say it means.
        self.currencies = currencies or {}


class Element:
    """One element being read: whatever nobody asked for is counted when it is closed."""

    __slots__ = ("_attributes", "_children", "_context", "_node", "line", "path")

    def __init__(self, node: Node, path: str, context: Context) -> None:
        self._node = node
        self._attributes = node.attributes
        self._children = node.children
        self._context = context
        self.path = path
        self.line = node.line

    def raw(self, name: str) -> str | None:
        """Return an attribute as written, or None."""
        return self._attributes.pop(name, None)

    def code(self, name: str) -> str:
        """Return an attribute as one line of text, "" if absent."""
        return identifier(self._attributes.pop(name, ""))

    def currency(self, name: str) -> str | None:
        """Return the code of a currency, or None."""
        stated = self._attributes.pop(name, "")
        return currency(self._context.currencies.get(stated.strip(), stated), self.line)

    def flag(self, name: str) -> bool | None:
        """Return a yes-or-no attribute; an unreadable one is counted as unplaced."""
        text = self._attributes.get(name, "")
        value = boolean(text)
        if value is not None or not text.strip():
            self._attributes.pop(name, None)
        return value

    def percentage(self) -> Decimal | None:
        """Return the percentage, if stated."""
        return percentage(self.raw("percentage"), self.line)

    def own_text(self) -> str:
        """Return the text directly inside the element."""
        text, self._node.text = self._node.text.strip(), ""
        return text

    def children(self, tag: str) -> list[Element]:
        """Take all children of a name."""
        taken = [child for child in self._children if child.tag == tag]
        if taken:
            self._children = [child for child in self._children if child.tag != tag]
        return [Element(child, f"{self.path}/{tag}", self._context) for child in taken]

    def child(self, tag: str) -> Element | None:
        """Take the first child of a name; further ones are counted as unplaced."""
        for index, child in enumerate(self._children):
            if child.tag == tag:
                self._children = self._children[:index] + self._children[index + 1 :]
                return Element(child, f"{self.path}/{tag}", self._context)
        return None

    def texts(self, *, paragraphs: bool = False) -> Texts:
        """Take the narratives by language.

        A second one in the same language is a further paragraph of a description; of a name
        or title, where no two can both be meant, it is counted as unplaced.
        """
        texts: Texts = {}
        for child in self._children:
            if child.tag != "narrative":
                continue
            text = plain(child.text)
            text = seen_text(text).strip() if paragraphs else one_line(text)
            language = self._language(child)
            if not text or texts.get(language) == text:
                continue
            if language not in texts:
                texts[language] = text
            elif paragraphs:
                texts[language] += "\n\n" + text
            else:
                self._context.unplaced[f"{self.path}/narrative"] += 1
        self._children = [child for child in self._children if child.tag != "narrative"]
        return texts

    def _language(self, narrative: Node) -> str:
        stated = narrative.attributes.pop(XML_LANG, "").strip().lower()
        for name in filterfalse(is_parser_hint, narrative.attributes):
            self._context.unplaced[f"{self.path}/narrative/@{readable_name(name)}"] += 1
        for child in narrative.children:
            self._context.unplaced[f"{self.path}/narrative/{readable_name(child.tag)}"] += 1
        return stated or self._context.language

    def value(self) -> StatedValue:
        """Take the one `value` of a transaction or budget."""
        values = self.children("value")
        if len(values) != 1:
            reason = (
                _("this %(element)s has more than one value. Keep one.")
                if values
                else _("this %(element)s has no value. Add <value> with the amount.")
            )
            raise Refused(self.line, reason % {"element": self.path})
        value = values[0]
        stated = StatedValue(
            amount=amount(value.own_text(), value.line),
            currency=value.currency("currency") or self._context.currency,
            value_date=date(value.raw("value-date"), value.line),
        )
        value.close()
        return stated

    def iso_date(self, tag: str) -> dt.date | None:
        """Take the date of a child such as period-start."""
        child = self.child(tag)
        if child is None:
            return None
        value = date(child.raw("iso-date"), child.line)
        child.close()
        return value

    def required_date(self, tag: str) -> dt.date:
        """Take a date without which money has no place in time."""
        value = self.iso_date(tag)
        if value is None:
            reason = _('this %(element)s has no date. Add <%(tag)s iso-date="…"/>.')
            raise Refused(self.line, reason % {"element": self.path, "tag": tag})
        if not is_plausible(value.year):
            raise Refused(self.line, f"{tag} {value}: {OUTSIDE}")
        return value

    def texts_of(self, tag: str, *, paragraphs: bool = False) -> Texts:
        """Take the narratives of a child such as title."""
        child = self.child(tag)
        if child is None:
            return {}
        texts = child.texts(paragraphs=paragraphs)
        child.close()
        return texts

    def plain(self, tag: str) -> tuple[str, ...]:
        """Take the text of all children of a name, such as email."""
        found = []
        for child in self.children(tag):
            found.append(one_line(child.own_text()))
            child.close()
        return tuple(text for text in found if text)

    def codes(self, tag: str) -> tuple[str, ...]:
        """Take the code of all children of a name, such as category."""
        found = []
        for child in self.children(tag):
            found.append(child.code("code"))
            child.close()
        return tuple(code for code in found if code)

    def unread(self) -> None:
        """Count the element itself: it lacks what would give it a place."""
        self._context.unplaced[self.path] += 1

    def close(self) -> None:
        """Count what was not taken."""
        unplaced = self._context.unplaced
        for name in filterfalse(is_parser_hint, self._attributes):
            unplaced[f"{self.path}/@{readable_name(name)}"] += 1
        for child in self._children:
            unplaced[f"{self.path}/{readable_name(child.tag)}"] += 1
        if self._node.text.strip():
            unplaced[f"{self.path}/text()"] += 1
