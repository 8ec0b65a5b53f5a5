"""Year-end reports taken in many at a time: whose file it is, and under which source."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.mappings import Mapping
from finance.formats.rows import open_sheet
from finance.loading.references import References, Unknown
from finance.loading.services import receive_load
from finance.models import ExpenditureLine, Load, Source, SourceMapping
from portal.staff.year_end.board_rows import scope_of
from projects.models import Organization, User

KIND = Load.Kind.EXPENDITURES
LOOKED_AT = 500  # rows, to tell whose file it is


class ReportIntake:
    """Takes in the files of one upload; what the office knows by name is read once."""

    def __init__(
        self, *, year: int, by: User, source: Source | None, organization: Organization | None
    ) -> None:
        self.year, self.by = year, by
        self.source, self.chosen = source, organization
        self.references = References()

    def receive(self, upload: Any) -> Load:
        """Keep one file for its check. Raises LoadError where it is nobody's."""
        spec = self._spec(self.source)
        owner = self._recognised(upload, spec)
        if owner is None and self.chosen is None:
            raise LoadError(
                _("Whose report it is cannot be told from its rows: send it again by itself and "
                  "choose the organization.")
            )  # fmt: skip
        if owner and self.chosen and owner.pk != self.chosen.pk:
            raise LoadError(
                _("Its rows are of “%(owner)s”, not of “%(chosen)s”.")
                % {"owner": owner, "chosen": self.chosen}
            )
        organization: Any = owner or self.chosen
        with transaction.atomic():
            source = self.source or source_of(organization)
            spec = spec or self._spec(source)
            if owner is None:
                spec = _with_organization(spec, organization.code)
            upload.seek(0)
            return receive_load(
                source=source,
                kind=KIND,
                content=upload,
                name=upload.name,
                by=self.by,
                reason=_("Year-end expenditure %(year)s") % {"year": self.year},
                scope=scope_of(self.year, organization.code),
                options={"mapping": spec} if spec else {},
            )

    @staticmethod
    def _spec(source: Source | None) -> dict[str, Any] | None:
        found = SourceMapping.objects.filter(source=source, kind=KIND).first() if source else None
        return found.spec if found else None

    def _recognised(self, upload: Any, spec: dict[str, Any] | None) -> Organization | None:
        """The one organization that the first rows name; None if it is none, or several."""
        found = set()
        for name in _names(upload, spec):
            try:
                found.add(self.references.organization(name))
            except Unknown:
                return None
        return Organization.objects.get(pk=found.pop()) if len(found) == 1 else None


def _names(upload: Any, spec: dict[str, Any] | None) -> set[str]:
    """What the first rows call their organization; a file that cannot be read names none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name).name
        upload.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(upload, copy)
        names = set()
        try:
            sheet = open_sheet(path, KIND, Mapping.from_spec(spec) if spec else None)
            for number, row in enumerate(sheet):
                if number == LOOKED_AT:
                    break
                names.add(row.values.get("organization") or "")
        except (LoadError, ValidationError):
            # The check says what is wrong with the file, once it is known whose it is.
            return set()
    return names - {""}


def _with_organization(spec: dict[str, Any] | None, code: str) -> dict[str, Any]:
    """The mapping, with the organization chosen by hand for every row."""
    spec = dict(spec or {"kind": str(KIND)})
    columns = dict(spec.get("columns", {}))
    columns.pop("organization", None)
    if columns:
        spec["columns"] = columns
    spec["constants"] = {**spec.get("constants", {}), "organization": code}
    return spec


def source_of(organization: Organization) -> Source:
    """The source that states the organization's expenditure, else one of its own."""
    lines = ExpenditureLine.objects.known_at().filter(organization=organization)
    if last := lines.order_by("-pk").values_list("source", flat=True).first():
        return Source.objects.get(pk=last)
    code = f"po-{slugify(organization.code)}"[:60]
    return Source.objects.get_or_create(code=code, defaults={"name": organization.name})[0]
