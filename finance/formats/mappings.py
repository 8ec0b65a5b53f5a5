"""What a source's own headings and habits mean: a mapping, as data that staff can read.

In JSON (every key may be left out but `kind`):

    {"kind": "contributions",
     "note": "where such files come from",
     "sheet": "name of the sheet",
     "date_order": "day-first" or "month-first",
     "decimal": "." or ",",
     "columns": {"amount": "PaidAmt"},             column → heading of the file
     "constants": {"fund": "PB000"},               column → value of every row
     "values": {"status": {"Completed": "closed"}},  column → the file's word → ours
     "negated": ["amount"],                        the file writes them with the other sign
     "digits": {"project": 8},                     identifiers kept as numbers: their length
     "year_end": ["date"],                         a bare year means its last day
     "skip_if_zero": "PledgeAmt",                  no line where this cell is zero or empty
     "emits": [{…}, {…}]}                          several lines of each row

A block of `emits` has the keys from `columns` to `skip_if_zero`, which add to those above it.
"""

import json
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from finance.formats.cells import Reading, converter
from finance.formats.columns import ColumnType, FileKind
from finance.formats.dates import ORDERS
from finance.formats.faults import Unreadable
from finance.formats.kinds import KINDS

BLOCK_KEYS = (
    "columns", "constants", "values", "negated", "digits", "year_end", "skip_if_zero",
)  # fmt: skip
KEYS = ("kind", "note", "sheet", "date_order", "decimal", *BLOCK_KEYS, "emits")
MONEY = (ColumnType.AMOUNT,)


@dataclass(frozen=True, slots=True)
class Emit:
    """One line that each row of the file gives."""

    columns: Dict[str, str] = field(default_factory=dict)
    constants: Dict[str, str] = field(default_factory=dict)
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)
    negated: frozenset[str] = frozenset()
    digits: Dict[str, int] = field(default_factory=dict)
    year_end: frozenset[str] = frozenset()
    skip_if_zero: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How files of one kind from one source are to be read."""

    kind: str
    note: str = ""
    sheet: str = ""
    date_order: str = ""
    decimal: str = ""
    emits: tuple[Emit, ...] = (Emit(),)

    @property
    def names_headings(self) -> bool:
        """Whether it says which headings count; then no others do."""
        return any(emit.columns for emit in self.emits)

    @classmethod
    def from_spec(cls, spec: Any) -> "Mapping":
        """The mapping that the JSON states; ValidationError lists all that is wrong with it."""
        errors = problems(spec)
        if errors:
            raise ValidationError(errors)
        shared = {key: spec[key] for key in BLOCK_KEYS if key in spec}
        blocks = spec.get("emits") or [{}]
        return cls(
            kind=spec["kind"],
            note=spec.get("note", ""),
            sheet=spec.get("sheet", ""),
            date_order=spec.get("date_order", ""),
            decimal=spec.get("decimal", ""),
            emits=tuple(_emit(shared, block) for block in blocks),
        )

    @classmethod
    def from_json(cls, text: str) -> "Mapping":
        """The same from a text."""
        try:
            spec = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValidationError(
                _("Line %(line)d is no JSON: %(error)s.")
                % {"line": error.lineno, "error": error.msg}
            ) from error
        return cls.from_spec(spec)


def _emit(shared: dict[str, Any], block: dict[str, Any]) -> Emit:
    def joined(key: str) -> dict[str, Any]:
        return {**shared.get(key, {}), **block.get(key, {})}

    columns = joined("columns")
    constants = joined("constants")
    # What the block itself says of a column replaces what stands above it.
    for name in block.get("constants", {}):
        if name not in block.get("columns", {}):
            columns.pop(name, None)
    return Emit(
        columns=columns,
        constants=constants,
        values=joined("values"),
        negated=frozenset([*shared.get("negated", []), *block.get("negated", [])]),
        digits=joined("digits"),
        year_end=frozenset([*shared.get("year_end", []), *block.get("year_end", [])]),
        skip_if_zero=block.get("skip_if_zero", shared.get("skip_if_zero", "")),
    )


def problems(spec: Any) -> list[str]:
    """All that is wrong with the JSON of a mapping, in words."""
    if not isinstance(spec, dict):
        return [_("A mapping is an object with the keys: %(keys)s.") % {"keys": ", ".join(KEYS)}]
    kind = KINDS.get(spec.get("kind", "")) if isinstance(spec.get("kind"), str) else None
    if kind is None:
        return [_("“kind” must be one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}]
    found = _unknown_keys(spec, KEYS, "")
    for key in ("note", "sheet", "decimal", "date_order"):
        if not isinstance(spec.get(key, ""), str):
            found.append(_("“%(key)s” must be a text.") % {"key": key})
    if spec.get("date_order", "") not in ("", *ORDERS):
        found.append(_("“date_order” must be “day-first” or “month-first”."))
    if spec.get("decimal", "") not in ("", ".", ","):
        found.append(_("“decimal” must be “.” or “,”."))
    found += _block_problems(kind, spec, "")
    emits = spec.get("emits", [])
    if not isinstance(emits, list) or not all(isinstance(block, dict) for block in emits):
        return [*found, _("“emits” must be a list of objects.")]
    for number, block in enumerate(emits, start=1):
        place = f"emits {number}: "
        found += _unknown_keys(block, BLOCK_KEYS, place)
        found += _block_problems(kind, block, place)
    return found


def _unknown_keys(block: dict[str, Any], known: tuple[str, ...], place: str) -> list[str]:
    return [
        place
        + _("“%(key)s” is no key of a mapping; there are: %(keys)s.")
        % {"key": key, "keys": ", ".join(known)}
        for key in block
        if key not in known
    ]


def _block_problems(kind: FileKind, block: dict[str, Any], place: str) -> list[str]:
    found: list[str] = []
    checks: dict[str, Callable[[Any], bool]] = {
        "columns": _is_texts,
        "constants": _is_texts,
        "values": lambda item: isinstance(item, dict) and all(map(_is_texts, item.values())),
        "digits": lambda item: (
            isinstance(item, dict)
            and all(type(value) is int and 0 <= value <= 40 for value in item.values())
        ),
        "negated": _is_list,
        "year_end": _is_list,
        "skip_if_zero": lambda item: isinstance(item, str),
    }
    for key, is_right in checks.items():
        if key not in block:
            continue
        if not is_right(block[key]):
            found.append(place + _FORMS[key]())
            continue
        if key != "skip_if_zero":
            found += [
                place
                + _("“%(key)s” names “%(column)s”, but the columns are: %(columns)s.")
                % {
                    "key": key,
                    "column": name,
                    "columns": ", ".join(column.name for column in kind.columns),
                }
                for name in block[key]
                if not kind.has(name)
            ]
    return found or _value_problems(kind, block, place)


def _value_problems(kind: FileKind, block: dict[str, Any], place: str) -> list[str]:
    """Constants and translated words that their column could not hold."""
    stated = [(name, text) for name, text in block.get("constants", {}).items()]
    for name, words in block.get("values", {}).items():
        stated += [(name, text) for text in words.values() if text]
    found = []
    for name, text in stated:
        try:
            converter(kind.column(name), Reading(decimal="."))(text)
        except Unreadable as error:
            found.append(
                place
                + _("“%(text)s” for “%(column)s”: %(message)s. %(advice)s")
                % {
                    "text": text,
                    "column": name,
                    "message": error.message,
                    "advice": error.advice,
                }
            )
    for key, type_ in (("negated", ColumnType.AMOUNT), ("year_end", ColumnType.DATE),
                       ("digits", ColumnType.IDENTIFIER)):  # fmt: skip
        found += [
            place
            + _("“%(key)s”: “%(column)s” is no column of the type “%(type)s”.")
            % {"key": key, "column": name, "type": type_}
            for name in block.get(key, ())
            if kind.column(name).type is not type_
        ]
    return found


def _is_texts(item: Any) -> bool:
    return isinstance(item, dict) and all(isinstance(value, str) for value in item.values())


def _is_list(item: Any) -> bool:
    return isinstance(item, list) and all(isinstance(value, str) for value in item)


_FORMS: dict[str, Callable[[], str]] = {
    "columns": lambda: _("“columns” must give a heading for each column."),
    "constants": lambda: _("“constants” must give a text for each column."),
    "values": lambda: _("“values” must give, for each column, our word for each of the file’s."),
    "digits": lambda: _("“digits” must give a number from 0 to 40 for each column."),
    "negated": lambda: _("“negated” must be a list of columns."),
    "year_end": lambda: _("“year_end” must be a list of columns."),
    "skip_if_zero": lambda: _("“skip_if_zero” must be a heading."),
}
