"""One measured thing beside its floor and its bars; a table of them for people, JSON for others."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.host.bench.asking import Asked
from portal.host.bench.bars import FAILS_BEYOND, Bar


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, of which `times` is a multiple of the floor."""

    name: str
    value: float
    unit: str
    times: float | None = None
    database: float | None = None
    statements: int | None = None
    kilobytes: float | None = None
    bar: Bar = field(default_factory=Bar)

    @property
    def excess(self) -> float:
        """How many times its bar the worst of its values is; 0 without any bar."""
        pairs = (
            (self.times, self.bar.times),
            (self.database, self.bar.database),
            (self.statements, self.bar.statements),
            (self.kilobytes, self.bar.kilobytes),
        )
        return max((value / bar for value, bar in pairs if value is not None and bar), default=0)

    @property
    def verdict(self) -> str:
        """Whether it holds."""
        if not self.excess:
            return ""
        return "holds" if self.excess <= 1 else f"{self.excess:.1f} × its bar"


def row(name: str, asked: Asked, floor: Asked, bar: Bar) -> Row:
    """A page beside the floor of pages."""
    return Row(
        name,
        asked.cpu,
        "ms of CPU",
        times=asked.cpu / floor.cpu,
        database=asked.database,
        statements=asked.statements,
        kilobytes=asked.size / 1000,
        bar=bar,
    )


def beside(name: str, seconds: float, floor: float, bar: Bar) -> Row:
    """Seconds of CPU beside those of its floor."""
    return Row(name, seconds * 1000, "ms of CPU", times=seconds / floor, bar=bar)


_HEADING = f"{'':32}{'ms CPU':>10}{'× floor':>16}{'ms DB':>16}{'SQL':>10}{'kB':>12}"


def as_lines(rows: Iterable[Row]) -> list[str]:
    """A table, each value with its bar in brackets."""
    return [_HEADING, *(_line(one) for one in rows)]


def _line(one: Row) -> str:
    bar = one.bar
    return (
        f"{one.name:32}{one.value:10.1f}"
        f"{_with_bar(one.times, bar.times, '.2f'):>16}"
        f"{_with_bar(one.database, bar.database, '.1f'):>16}"
        f"{_with_bar(one.statements, bar.statements, 'd'):>10}"
        f"{_with_bar(one.kilobytes, bar.kilobytes, '.0f'):>12}  {one.verdict}"
    ).rstrip()


def _with_bar(value: float | None, bar: float | None, shape: str) -> str:
    if value is None:
        return ""
    return f"{value:{shape}}" + (f" ({bar:g})" if bar is not None else "")


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{**asdict(one), "verdict": one.verdict} for one in rows]


def row_of(values: dict[str, Any]) -> Row:
    """The row again, of what another process gave as JSON."""
    plain = {name: value for name, value in values.items() if name != "verdict"}
    return Row(**{**plain, "bar": Bar(**values["bar"])})


def fails(rows: Iterable[Row]) -> list[str]:
    """The names of what costs more than so many times its bar."""
    return [one.name for one in rows if one.excess > FAILS_BEYOND]
