"""Whether the kept files of documents are what was uploaded."""

import hashlib
from collections.abc import Callable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from documents.models import DocumentVersion
from projects.models import Withholding


def erased() -> Q:
    """Versions of documents, or of projects, that were erased by law with their files."""
    ended = Withholding.objects.filter(outcome__erased=True)
    return Q(document__in=ended.filter(kind="document").values("target_id")) | Q(
        document__project__in=ended.filter(kind="project").values("target_id")
    )


def check_versions(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """The first version whose file is gone or is not what was uploaded, in words."""
    versions = DocumentVersion.objects.exclude(erased()).order_by("pk")
    count = versions.count()
    for done, version in enumerate(versions.iterator()):
        progress(_("documents"), done, count)
        try:
            with version.file.open("rb") as kept:
                found = hashlib.file_digest(kept, "sha256").hexdigest()
        except OSError:
            found = ""
        if found != version.sha256:
            yield _("Document %(id)s, version %(number)s: its file is not what was uploaded.") % {
                "id": version.document_id,
                "number": version.number,
            }
