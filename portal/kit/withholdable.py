"""What of a model's rows can be withheld from the public: a declaration that the model bears.

`withholdable = Withholdable(…)` on a model names the columns that go, and what stands in their
place meanwhile. Who withholds, and how, is known to `portal/withholding` alone, which reads these
declarations and hands them to the database (`portal/sql/withholding.sql`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What stands there meanwhile, beside plain values:
MARK = "@mark"  # "Withheld on 5 May 2026"
DAY = "@day"  # the day of the withholding
NUMBER = "@number"  # "withheld-7": where a value has to be unique
PLACE = "@place"  # the placeholder among countries


@dataclass(frozen=True)
class Withholdable:
    """The columns of a model that can be withheld, and how the same thing is known again."""

    # Column → what stands there meanwhile.
    columns: Mapping[str, Any]
    # Columns by which the same thing is known again in another row, …
    match: tuple[str, ...] = ()
    # … which is withheld with it, …
    spread: bool = False
    # … if it has the same value of this foreign key.
    within: str = ""
    # What takes these rows along when it is withheld as a whole: "project", "organization",
    # "document"; of a "fund" its texts are; "statement": texts about a project, whatever of it is
    # withheld.
    scope: str = ""
    # What enters a seal as one salted digest.
    texts: tuple[str, ...] = field(default=())


def sealed_texts(*names: str, scope: str = "") -> Withholdable:
    """Texts of a record: emptied, known again wherever they stand, sealed with a salt."""
    return Withholdable(
        columns=dict.fromkeys(names, ""), match=names, spread=True, scope=scope, texts=names
    )
