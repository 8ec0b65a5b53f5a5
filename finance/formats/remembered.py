"""The mapping of a source, as it was stated last, and the examples that come with the portal."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from finance.formats.mappings import Mapping
from finance.models import Source, SourceMapping
from projects.models import User

EXAMPLES = Path(__file__).resolve().parent / "examples"


def remember_mapping(*, source: Source, spec: Any, by: User | None = None) -> SourceMapping:
    """Read this source's files of that kind so from now on; ValidationError lists the faults."""
    mapping = Mapping.from_spec(spec)
    with transaction.atomic():
        remembered, _made = SourceMapping.objects.update_or_create(
            source=source, kind=mapping.kind, defaults={"spec": spec, "updated_by": by}
        )
    return remembered


def remembered_mapping(*, source: Source, kind: str) -> Mapping | None:
    """How this source's files of that kind are read, if that was ever stated.

    ValidationError if what was stated then is no mapping any more.
    """
    remembered = SourceMapping.objects.filter(source=source, kind=kind).first()
    if remembered is None:
        return None
    mapping = Mapping.from_spec(remembered.spec)
    if mapping.kind != kind:
        raise ValidationError(_("The mapping is for the kind “%(kind)s”.") % {"kind": mapping.kind})
    return mapping


def example_mappings() -> dict[str, Mapping]:
    """The mappings that come with the portal, by name."""
    return {
        path.stem: Mapping.from_json(path.read_text(encoding="utf-8"))
        for path in sorted(EXAMPLES.glob("*.json"))
    }
