"""Files of the kinds that sources send: small ones made here, real ones where they lie at hand."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.databases import CHECKOUT

SMALL = CHECKOUT / "tests" / "data"
LARGE = Path(os.environ.get("SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
# Where the real file of a kind lies, and how many records that and the small one have.
KINDS = {
    "city-payments.csv": ("vouchers/gla-28k/all.csv", 28_145, 10),
    "emergency-projects.csv": ("pooled-funds/cerf_projects_2006-2015.csv", 4_785, 5),
    "emergency-allocations.csv": ("pooled-funds/cerf_allocations_2006-2015.csv", 4_785, 6),
    "emergency-contributions.csv": ("pooled-funds/cerf_contributions_2006-2015.csv", 911, 7),
    "formula-cases.json": ("spreadsheets/formula-injection-cases.json", 0, 0),
    "spreadsheets": ("spreadsheets", 61, 11),
}


@dataclass(frozen=True)
class RealFiles:
    """The small files, or the large ones."""

    is_large: bool

    def path(self, kind: str) -> Path:
        """Where the file, or the folder, of a kind lies."""
        return LARGE / KINDS[kind][0] if self.is_large else SMALL / kind

    def spreadsheets_as(self, kind: str, kinds: list[str]) -> list[Path]:
        """The foreign spreadsheets to be read as this kind: of the large ones, each as one kind."""
        files = sorted(path for path in self.path("spreadsheets").rglob("*") if path.is_file())
        assert len(files) >= self.count("spreadsheets")
        return files[kinds.index(kind) :: len(kinds)] if self.is_large else files

    def count(self, kind: str) -> int:
        """How many records it has."""
        _path, large, small = KINDS[kind]
        return large if self.is_large else small


ALL = [RealFiles(is_large=False), *([RealFiles(is_large=True)] if LARGE.is_dir() else [])]
