"""The standard's rules, run over one activity or organisation at a time.

The rules are data (`portal/data/iati/rules.json`); each kind of rule is a function here. What a
rule asks about and does not find is in order, but for rules that ask for something to be there.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from lxml import etree

from portal.iati.standard.files import rules
from portal.kit.language.code_lists import code_list

Case = dict[str, Any]
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_AMOUNTS = ("value", "forecast", "loan-status")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ORG_PREFIXES = "ORG-ID-PREFIX"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is about, how it is looked at, and what the standard says of it."""

    context: str
    kind: str
    case: Case
    number: str = ""
    severity: str = "error"
    message: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an element breaks."""

    rule: Rule
    element: etree._Element


@cache
def standard_rules() -> tuple[Rule, ...]:
    """All rules of the standard."""
    return tuple(rules_of(rules()))


def rules_of(stated: dict[str, Any]) -> Iterator[Rule]:
    """The rules of a set, by context and kind."""
    for context, kinds in stated.items():
        for kind, what in kinds.items():
            for case in what["cases"]:
                if kind == "loop":
                    info = next(iter(case["do"].values()))["cases"][0].get("ruleInfo", {})
                else:
                    info = case.get("ruleInfo", {})
                yield Rule(
                    context, kind, case, info.get("id", ""), info.get("severity", "error"),
                    info.get("message", ""),
                )  # fmt: skip


def broken_in(root: etree._Element, rules: tuple[Rule, ...], today: dt.date) -> Iterator[Broken]:
    """What the tree breaks; `root` is the root of a file, with all or one of its elements."""
    found: dict[str, list[etree._Element]] = {}
    for rule in rules:
        if rule.context not in found:
            found[rule.context] = _path(rule.context)(root)
        for element in found[rule.context]:
            if not _KINDS[rule.kind](element, rule.case, today):
                yield Broken(rule, element)


@cache
def _path(text: str) -> Callable[[etree._Element], Any]:
    return etree.XPath(text)


def _holds(element: etree._Element, condition: str) -> bool:
    return bool(_path(condition)(element))


def _applies(element: etree._Element, case: Case) -> bool:
    condition = case.get("condition")
    return condition is None or _holds(element, condition)


def _found(element: etree._Element, case: Case) -> list[Any]:
    return [each for path in case.get("paths", ()) for each in _path(path)(element)]


def _text(found: Any) -> str:
    if isinstance(found, etree._Element):
        return "".join(str(part) for part in found.itertext())
    return str(found)


# --- Kinds of rules. Each says whether it holds.


def _atleast_one(element: etree._Element, case: Case, _today: dt.date) -> bool:
    return not _applies(element, case) or bool(_found(element, case))


def _no_more_than_one(element: etree._Element, case: Case, _today: dt.date) -> bool:
    return not _applies(element, case) or len(_found(element, case)) <= 1


def _only_one_of(element: etree._Element, case: Case, _today: dt.date) -> bool:
    """None beside what is excluded, else just one."""
    found = len(_found(element, case))
    excluded = any(_path(path)(element) for path in case["excluded"])
    return found == 0 if excluded else found == 1


def _dependent(element: etree._Element, case: Case, _today: dt.date) -> bool:
    there = [bool(_path(path)(element)) for path in case["paths"]]
    return all(there) or not any(there)


def _one_or_all(element: etree._Element, case: Case, _today: dt.date) -> bool:
    """One for the whole, or else one for each."""
    if _path(case["one"])(element):
        return True
    if case["all"] == "lang":
        return all(each.get(_LANG) for each in element.iter("narrative"))
    if case["all"] == "currency":
        return all(each.get("currency") for each in element.iter(*_AMOUNTS))
    return all(part.find(case["all"]) is not None for part in element.findall("transaction"))


def _sum(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    found = [_number(each) for each in _found(element, case)]
    if not found or None in found:
        return True
    return sum(each for each in found if each is not None) == Decimal(str(case["sum"]))


def _number(found: Any) -> Decimal | None:
    try:
        number = Decimal(_text(found).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _range(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    least, most = Decimal(str(case["min"])), Decimal(str(case["max"]))
    numbers = (_number(each) for each in _found(element, case))
    return all(number is None or least <= number <= most for number in numbers)


def _day(element: etree._Element, path: str, today: dt.date) -> list[dt.date]:
    if path == "NOW":
        return [today]
    days = []
    for found in _path(path)(element):
        if match := _DATE.match(_text(found).strip()):
            try:
                days.append(dt.date.fromisoformat(match[0]))
            except ValueError:
                continue
    return days


def _date_order(element: etree._Element, case: Case, today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    less, more = _day(element, case["less"], today), _day(element, case["more"], today)
    return not less or not more or max(less) <= min(more)


def _date_now(element: etree._Element, case: Case, today: dt.date) -> bool:
    return all(day <= today for day in _day(element, case["date"], today))


def _time_limit(element: etree._Element, case: Case, today: dt.date) -> bool:
    start, end = _day(element, case["start"], today), _day(element, case["end"], today)
    return not start or not end or end[0] <= _a_year_after(start[0])


def _a_year_after(day: dt.date) -> dt.date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)


def _between_dates(element: etree._Element, case: Case, today: dt.date) -> bool:
    start, end = _day(element, case["start"], today), _day(element, case["end"], today)
    if not start or not end:
        return True
    return all(start[0] <= day <= end[0] for day in _day(element, case["date"], today))


def _regex_matches(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    found = (_text(each) for each in _found(element, case))
    return all(re.search(case["regex"], text) for text in found)


def _regex_no_matches(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    return not any(re.search(case["regex"], _text(each)) for each in _found(element, case))


def _startswith(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case):
        return True
    prefixes: set[str] = set()
    for path in case.get("prefix") or [case["start"]]:
        if path == ORG_PREFIXES:
            prefixes |= _agencies()
        else:
            prefixes |= {_text(each) for each in _path(path)(element)}
    separator = case.get("separator", "")
    texts = (_text(each) for each in _found(element, case))
    starts = tuple(prefix + separator for prefix in prefixes)
    return all(text.startswith(starts) for text in texts)


@cache
def _agencies() -> frozenset[str]:
    return frozenset(code_list("OrganisationRegistrationAgency"))


def _unique(element: etree._Element, case: Case, _today: dt.date) -> bool:
    texts = [_text(each) for each in _found(element, case)]
    return len(texts) == len(set(texts))


def _if_then(element: etree._Element, case: Case, _today: dt.date) -> bool:
    if not _applies(element, case) or not _holds(element, case["if"]):
        return True
    return _holds(element, case["then"])


def _no_spaces(element: etree._Element, case: Case, _today: dt.date) -> bool:
    return all(text == text.strip() for text in map(_text, _found(element, case)))


def _loop(element: etree._Element, case: Case, today: dt.date) -> bool:
    """The same rule for each value that is found, which is put in the place of $1."""
    values = {_text(each) for each in _path(case["foreach"])(element)}
    # A quote would end the text in the path early; no code of a list has one.
    values = {value for value in values if "'" not in value}
    return all(
        _KINDS[kind](element, _put_in(inner, value), today)
        for value in values
        for kind, what in case["do"].items()
        for inner in what["cases"]
    )


def _put_in(inner: Any, value: str) -> Any:
    if isinstance(inner, str):
        return inner.replace("$1", value)
    if isinstance(inner, list):
        return [_put_in(each, value) for each in inner]
    if isinstance(inner, dict):
        return {key: _put_in(each, value) for key, each in inner.items() if key != "ruleInfo"}
    return inner


_KINDS: dict[str, Callable[[etree._Element, Case, dt.date], bool]] = {
    "atleast_one": _atleast_one,
    "between_dates": _between_dates,
    "date_now": _date_now,
    "date_order": _date_order,
    "dependent": _dependent,
    "if_then": _if_then,
    "loop": _loop,
    "no_more_than_one": _no_more_than_one,
    "no_spaces": _no_spaces,
    "one_or_all": _one_or_all,
    "only_one_of": _only_one_of,
    "range": _range,
    "regex_matches": _regex_matches,
    "regex_no_matches": _regex_no_matches,
    "startswith": _startswith,
    "strict_sum": _sum,
    "sum": _sum,
    "time_limit": _time_limit,
    "unique": _unique,
}
