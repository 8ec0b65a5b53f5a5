"""Whether the kept files of documents are what was uploaded."""

import hashlib
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from documents.models import DocumentVersion


def check_versions(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """The first version whose file is gone or is not what was uploaded, in words."""
    versions = DocumentVersion.objects.order_by("pk")
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
