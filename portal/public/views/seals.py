"""The public chain of seals."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from finance.models import Seal, VerifyResult
from finance.sealing.lines import described, entity_lines, seal_lines
from portal.kit.files.streams import started
from portal.kit.tables.base import Table
from portal.kit.tables.columns import DateColumn, IdentifierColumn, IntegerColumn, TextColumn
from portal.kit.views import TableView
from portal.kit.web.places import in_own_transaction
from portal.models import Checkpoint, TimeStamp

# Whoever checks this portal need not trust it: the script needs its files and Python alone.
SCRIPT = """\
import hashlib, json, sys

def sha256(data):
    return hashlib.sha256(data).digest()

previous = ""
for name in sys.argv[1:]:  # 1.jsonl 2.jsonl 3.jsonl …
    with open(name, encoding="utf-8") as file:
        seal, *records = map(json.loads, file)
    parts = {}
    for sign, kind, line, text in records:
        withheld = isinstance(text, dict)
        digest = bytes.fromhex(text["sha256"]) if withheld else sha256(text.encode())
        leaf = line.to_bytes(8, "big") + digest
        parts.setdefault((sign, kind), []).append(leaf)
    content = [f"form {seal['form']}", seal["load"]]
    for (sign, kind), leaves in sorted(parts.items()):
        digest = sha256(b"".join(sorted(leaves))).hex()
        content.append(f"{sign} {kind} {len(leaves)} {digest}")
    content = sha256("\\n".join(content).encode()).hex()
    text = f"seal {seal['seal']} {previous} {content}"
    previous = sha256(text.encode()).hex()
    print(seal["seal"], previous, "agrees" if previous == seal["hash"] else "DIFFERS")
"""


def file_url(seal: Seal) -> str:
    """The address of the file by which the seal is computed anew."""
    return reverse("seal-file", args=[seal.number])


@require_safe
def seal_file(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """What a seal covers, line by line; a file that breaks off does not give its hash."""
    seal = get_object_or_404(Seal, number=number)
    return StreamingHttpResponse(
        started(in_own_transaction(request, seal_lines(seal))),
        content_type="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{seal.file_name}"'},
    )


@require_safe
def checkpoint(_request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A checkpoint as it was signed, or the newest."""
    found = Checkpoint.objects.all() if pk is None else Checkpoint.objects.filter(pk=pk)
    if (one := found.first()) is None:
        raise Http404(_("Nothing was signed yet."))
    return HttpResponse(one.note, content_type="text/plain; charset=utf-8")


@require_safe
def time_stamp(_request: HttpRequest, number: int) -> HttpResponse:
    """What an authority of time stamps answered about a seal (RFC 3161)."""
    one = get_object_or_404(TimeStamp.objects.exclude(answer=None), seal__number=number)
    return HttpResponse(
        bytes(one.answer or b""),
        content_type="application/timestamp-reply",
        headers={"Content-Disposition": f'attachment; filename="{number}.tsr"'},
    )


@require_safe
def entity_file(request: HttpRequest) -> StreamingHttpResponse:
    """Which projects and organizations the digests in the files of seals stand for."""
    return StreamingHttpResponse(
        started(in_own_transaction(request, entity_lines())),
        content_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="seal-entities.jsonl"'},
    )


class SealTable(Table):
    """Seals, with all that one needs to compute their hashes anew."""

    title = _("Fingerprints")
    caption_hidden = True
    wide = True
    card = ("number", "load", "sealed_at", "lines", "added", "withdrawn", "hash")
    empty_text = _("Nothing has been published yet.")
    number = IntegerColumn(verbose_name=_("Number"), definition=_("Numbers have no gaps."))
    load = TextColumn(
        verbose_name=_("Source file"),
        definition=_("The source file that was published."),
        link=lambda seal: seal.load.get_absolute_url(),
        order_by="load__file_name",
        css="name",
    )
    sealed_at = DateColumn(
        verbose_name=_("Taken on"), definition=_("When the fingerprint was taken.")
    )
    lines = TextColumn(
        verbose_name=_("Entries behind it"),
        definition=_("The file of the lines that were hashed; see “How to check a fingerprint”."),
        accessor="file_name",
        link=file_url,
        orderable=False,
    )
    added = IntegerColumn(verbose_name=_("Added"), definition=_("Entries added."))
    withdrawn = IntegerColumn(verbose_name=_("Withdrawn"), definition=_("Entries withdrawn."))
    hash = IdentifierColumn(
        verbose_name=_("Fingerprint"),
        definition=_("SHA-256 over number, previous fingerprint and content."),
        css="hash",
    )
    content = IdentifierColumn(
        verbose_name=_("Content"),
        definition=_("SHA-256 over what was changed."),
        css="hash",
    )
    previous = IdentifierColumn(
        verbose_name=_("Previous"),
        definition=_("The fingerprint before; empty for the first."),
        css="hash",
    )


class SealList(TableView):
    """All seals, newest first, and how to compute them."""

    title = _("Fingerprints")
    intro = _(
        "Each published file gets a fingerprint, worked out from all it changed and from the "
        "fingerprint before. Keep one, and you can tell later whether anything published up to "
        "then was changed."
    )
    table_class = SealTable
    template_name = "seals.html"
    takes_dates = False
    # Each row is four lines high.
    paginate_by = 10

    def get_queryset(self) -> QuerySet:
        return Seal.objects.select_related("load").order_by("-number")

    def get_common_context(self) -> dict[str, Any]:
        return {
            **super().get_common_context(),
            "kinds": described(),
            "script": SCRIPT,
            "checkpoints": Checkpoint.objects.all(),
            "stamps": TimeStamp.objects.exclude(answer=None).select_related("seal"),
            "verified": VerifyResult.objects.of_everything().first(),
            "differs": VerifyResult.objects.unresolved().exists(),
        }
