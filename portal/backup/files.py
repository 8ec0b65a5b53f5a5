"""The kept files that the database names, read from the models so that none is forgotten."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import FileField, Model, QuerySet

from documents.models import DocumentVersion, Upload, UploadPart
from documents.verification import erased
from finance.models import ErasedFile, Load
from portal.models import DataPackage, EditionFile, IatiFile


def named_files(using: str) -> dict[str, bool]:
    """Their names, as the database of this alias has them now, and whether each is needed.

    What several rows name, as a version and its upload do, is there once.
    """
    found: dict[str, bool] = {}
    for name, needed in _named(using):
        found[name] = needed or found.get(name, False)
    return found


def _named(using: str) -> Iterator[tuple[str, bool]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                yield from _of_field(model, field.name, using)
    # An upload is known before its file is written; the person sends again what is not there.
    uploads = Upload.objects.using(using)
    for name in uploads.exclude(stored_name="").values_list("stored_name", flat=True).iterator():
        yield name, False
    for part in UploadPart.objects.using(using).select_related("upload").iterator():
        yield part.upload.part_name(part.number), False


def _of_field(model: type[Model], field: str, using: str) -> Iterator[tuple[str, bool]]:
    rows = model._default_manager.using(using).exclude(**{field: ""}).exclude(**{field: None})
    needed = set(_needed(model, rows).values_list("pk", flat=True))
    for pk, name in rows.order_by("pk").values_list("pk", field).iterator():
        yield str(name), pk in needed


def _needed(model: type[Model], rows: QuerySet) -> QuerySet:
    """The rows whose file must be there: what was erased or taken away has none."""
    if model is Load:
        return rows.exclude(pk__in=ErasedFile.objects.using(rows.db).values("load"))
    if model is DocumentVersion:
        return rows.exclude(erased())
    if model in (EditionFile, DataPackage, IatiFile):
        return rows.filter(withdrawn_at=None)
    return rows.none()
