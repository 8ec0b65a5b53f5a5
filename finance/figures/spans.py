"""Which years reports of a fund tell apart."""

from typing import NamedTuple


class Span(NamedTuple):
    """What reports tell apart of the years: those before `year`, that one, those on to `last`, and
    later ones. Of each but that one a single year stands for all."""

    year: int
    last: int

    @property
    def sql(self) -> str:
        """The year that stands for the year of a row."""
        year, last = int(self.year), int(self.last)
        return (
            f"CASE WHEN year < {year} THEN {year - 1} WHEN year = {year} THEN {year}"
            f" WHEN year <= {last} THEN {last} ELSE {max(year, last) + 1} END"
        )
