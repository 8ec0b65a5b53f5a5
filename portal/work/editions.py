"""The workbook of each edition, kept as it was when the edition was published."""

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from finance.loading.lock import lock_releases
from finance.models import Edition
from finance.reports.annual import annual_tables
from finance.reports.editions import edition_filters, edition_title
from finance.reports.fund import FundMoney
from portal.kit.files.about import About, address_of
from portal.models import EditionFile
from projects.models import Office


def make_edition_files() -> int:
    """Make what is missing, which may be repeated at any time; returns how many were made."""
    standing = EditionFile.objects.filter(edition=OuterRef("pk"), withdrawn_at=None)
    missing = Edition.objects.filter(~Exists(standing)).select_related("fund").order_by("pk")
    return sum(_make(edition) for edition in list(missing))


def _make(edition: Edition) -> bool:
    """Make one; what is withheld at this moment waits until it stands, and takes it away."""
    with transaction.atomic():
        lock_releases()
        if edition.files.filter(withdrawn_at=None).exists():
            return False
        with _workbook(edition) as file:
            content = file.read()
        digest = hashlib.sha256(content).hexdigest()
        made = EditionFile(edition=edition, size=len(content), sha256=digest)
        name = f"{edition.fund.code}-{edition.year}-{edition.number}.xlsx"
        made.file.save(name, ContentFile(content))
    return True


def _workbook(edition: Edition) -> IO[bytes]:
    """The Excel file of its page, as anybody would get it now."""
    office = Office.current()
    office.use_currency()
    about = About.by(
        office,
        edition_title(edition),
        edition_filters(edition),
        as_of=edition.as_of,
        until=edition.until,
        source=address_of(edition.get_absolute_url()),
    )
    from portal.kit.files.workbook import workbook_file

    return workbook_file(annual_tables(FundMoney(edition.fund, edition.known), edition.year), about)
