"""Files of voucher lines, made in the background and kept for a day.

A file speaks of one moment, fixed when it was asked for. What was known then changes no
more, so a task that was killed makes the same file when it is taken up again.
"""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from finance.loading.lock import lock_releases
from finance.models import VoucherLine
from finance.reports.voucher_lines import (
    VoucherExportTable,
    VoucherLineFilter,
    export_lines,
)
from portal.kit.dates import end_of, parse_day
from portal.kit.files.about import About, address_of
from portal.kit.files.streams import csv_pieces
from portal.kit.filters import described_filters, wrong_filters
from portal.kit.tables.base import TotalRow
from portal.kit.tables.parts import Parts
from portal.kit.web.languages import speaking
from portal.models import Export
from projects.models import Office

KEPT = timedelta(days=1)
PATH = "/staff/exports/"


class ExportBroken(RuntimeError):
    """The file does not hold what the database said it would."""


def ask_for_export(*, owner: Any, query: QueryDict, format: str) -> Export:
    """Note what is wanted, as known now or on the day that the filters name.

    Raises ValidationError, also where a filter cannot be read: all rows are no answer to it.
    """
    if wrong := wrong_filters(VoucherLineFilter(query, queryset=VoucherLine.objects.none())):
        raise ValidationError(wrong)
    export = Export(
        owner=owner,
        query=query.urlencode(),
        format=format,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        known=known_of(query),
    )
    export.full_clean()
    export.save()
    return export


def known_of(query: QueryDict) -> datetime:
    """The moment that the filters ask about: the end of a day, or now."""
    day = parse_day(query.get("as_of"))
    return end_of(day) if day and day < timezone.localdate() else timezone.now()


def make_export(export: Export) -> Export:
    """Write the file, whole, and keep it; may be repeated."""
    with speaking(export.language):
        table, about = _described(export)
        export.state, export.done = Export.State.MAKING, 0
        export.save(update_fields=["state", "done", "rows", "base_amount"])
        write = {"xlsx": _excel, "csv": _csv}[export.format]
        table.on_progress = _progress(export)
        with write(table, about) as file:
            if export.done != export.rows:
                raise ExportBroken(f"{export.done} rows written of {export.rows}")
            _keep(export, file, about)
    return export


def _described(export: Export) -> tuple[VoucherExportTable, About]:
    """The table of the rows asked for, in their order, with its sums; and what it is."""
    office = Office.current()
    query = QueryDict(export.query)
    found = VoucherLineFilter(query, queryset=export_lines(export.known))
    sums = found.qs.order_by().aggregate(
        rows=Count("pk"),
        left_out=Count("pk", filter=Q(base_amount=None)),
        base_amount=Sum("base_amount"),
    )
    export.rows, export.base_amount = sums["rows"], sums["base_amount"]
    total = TotalRow(
        {"base_amount": sums["base_amount"]},
        label=_("All rows"),
        parts={"base_amount": Parts(unconverted=sums["left_out"])},
    )
    table = VoucherExportTable(found.qs, query=query, totals=[total])
    known = timezone.localtime(export.known).date()
    filters, source = described_filters(found), address_of(PATH, query)
    return table, About.by(office, _("Voucher lines"), filters, as_of=known, source=source)


def _progress(export: Export) -> Callable[[int], None]:
    def tell(done: int) -> None:
        export.done = done
        Export.objects.filter(pk=export.pk).update(done=done)

    return tell


def _excel(table: VoucherExportTable, about: About) -> IO[bytes]:
    from portal.kit.files.workbook import workbook_file

    return workbook_file([table], about)


def _csv(table: VoucherExportTable, about: About) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the caller closes it
    for piece in csv_pieces(table, about.notice):
        file.write(piece.encode())
    file.seek(0)
    return file


def _keep(export: Export, file: IO[bytes], about: About) -> None:
    export.file_name = about.file_name("voucher-lines", export.format)
    content = File(file, export.file_name)
    export.size = content.size
    with transaction.atomic():
        # Something may have been withheld meanwhile, which takes exports away.
        lock_releases()
        if not Export.objects.filter(pk=export.pk).exists():
            return
        export.file.save(f"{export.pk}.{export.format}", content, save=False)
        export.state = Export.State.READY
        export.expires_at = timezone.now() + KEPT
        export.save(update_fields=["file_name", "size", "file", "state", "expires_at"])


def delete_expired_exports() -> int:
    """Delete the exports whose day is over, with their files; returns how many."""
    over = Export.objects.filter(expires_at__lte=timezone.now())
    # What was asked for and never made is of no use after some days either.
    forgotten = Export.objects.filter(
        expires_at__isnull=True, asked_at__lte=timezone.now() - 7 * KEPT
    )
    count = 0
    for export in [*over, *forgotten]:
        if export.file:
            export.file.delete(save=False)
        export.delete()
        count += 1
    return count
