"""Several files on their way completed at once: a row for each, saved together."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from documents.access import uploads_of
from documents.languages import common_languages
from documents.models import Upload
from documents.refusals import warning_texts
from portal.gateway.access import crumbs, keepers_only
from portal.gateway.forms import SubmitForm, said_of
from portal.gateway.uploads import complete
from portal.kit.web.messages import keep_words
from projects.models import User
from projects.signed_in import signed_in

AT_ONCE = 20


class RowForm(SubmitForm):
    """What is said of one of several files; rules and words are those of one by itself."""

    take = forms.BooleanField(
        label=gettext_lazy("Complete this file now"), required=False, initial=True
    )
    field_order = ("take",)

    def __init__(self, *args: Any, of: Upload, **options: Any) -> None:
        self.upload = of
        said = {**said_of(of), "publish": "yes" if of.publish else "no"}
        said["languages"] = [*said["languages"], *said.pop("more_languages")]
        super().__init__(*args, of=of, initial=said, prefix=str(of.pk), **options)
        if self.is_bound and not self.is_taken():
            # It is compared with what stands when it is taken.
            self.digest = self.data.get(self.seen_name) or self.digest
        more: Any = self.fields.pop("more_languages")
        languages: Any = self.fields["languages"]
        languages.choices = [*common_languages(), *more.choices]
        languages.widget = forms.SelectMultiple({"size": 3}, choices=languages.choices)
        languages.help_text = more.help_text
        for name in ("period", "year_reported"):
            self.fields[name].help_text = ""
        self.warnings = warning_texts({k: v for k, v in of.warnings.items() if k != "same"})
        self.has_same = bool(of.warnings.get("same"))

    def is_taken(self) -> bool:
        """Whether the person wants it completed with this sending."""
        return bool(self["take"].value())

    def full_clean(self) -> None:
        """Of a row that is not taken nothing is asked; it stays as typed."""
        if not self.is_bound or self.is_taken():
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}

    def typed(self) -> str:
        """In words what is typed in its fields, after the file's name; "" where nothing is."""
        said = []
        for name in self.fields:
            field: Any = self[name]
            names = {str(key): text for key, text in getattr(field.field, "choices", ())}
            values = field.value() if isinstance(field.value(), list) else [field.value()]
            texts = [str(names.get(str(one), one)) for one in values if one]
            # Where there is one choice only, nobody chose it.
            if texts and len(names) != 1 and name not in {"take", "publish"}:
                said.append(f"{field.label}: {', '.join(texts)}")
        return " · ".join(filter(None, [self.upload.file_name, *said])) if said else ""


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def uploads_together(request: HttpRequest) -> HttpResponse:
    """A row for each file to be completed: what is ticked and right is saved, others stay as typed.

    No more than AT_ONCE rows stand on a page; `others` is the number of the page that follows.
    """
    sent = request.POST if request.method == "POST" else None
    user = signed_in(request)
    waiting = _to_complete(user)
    page = Paginator(waiting, AT_ONCE).get_page(request.GET.get("page"))
    found = list(page if sent is None else waiting.filter(pk__in=_ids(sent)))
    rows = [RowForm(sent, of=upload) for upload in found]
    if sent is not None:
        _tell_of_those_gone(request, {str(upload.pk) for upload in found})
        rows = _unsaved(request, rows)
        if not rows:
            return redirect("gateway-together" if waiting.exists() else "gateway")
    if not rows:
        messages.info(request, _("No file of yours waits to be completed."))
        return redirect("gateway")
    context = {
        "title": _("Complete several files"),
        "rows": rows,
        "faulty": [row for row in rows if row.errors],
        "more": max(0, waiting.count() - len(rows)),
        "others": page.next_page_number() if page.has_next() else 1,
        "crumbs": crumbs((_("Complete several files"), "")),
    }
    return render(request, "gateway/together.html", context)


def _to_complete(user: User) -> Any:
    """The person's files that are to be completed, in the order in which they came."""
    of = ("project__fund", "fund", "document", "type", "by")
    drafts = uploads_of(user).filter(state=Upload.State.DRAFT).exclude(stored_name="")
    return drafts.select_related(*of).order_by("begun_at", "pk")


def _ids(sent: Any) -> list[str]:
    """The files of which the page had rows; what is no such number is nobody's file."""
    field = forms.UUIDField()
    found = []
    for text in sent.getlist("upload")[:AT_ONCE]:
        try:
            found.append(str(field.clean(text)))
        except ValidationError:
            continue
    return found


def _tell_of_those_gone(request: HttpRequest, standing: set[str]) -> None:
    """Files completed or given up since the page was opened, with what was typed for them."""
    gone = [pk for pk in _ids(request.POST) if pk not in standing]
    if gone:
        text = ngettext(
            "One of these files was completed or given up meanwhile; it was left as it is.",
            "%(count)s of these files were completed or given up meanwhile; they were left as "
            "they are.",
            len(gone),
        )
        messages.warning(request, text % {"count": len(gone)})
        user = signed_in(request)
        known = {str(upload.pk): upload for upload in uploads_of(user).filter(pk__in=gone)}
        rows = [RowForm(request.POST, of=known.get(pk) or Upload(pk=pk, by=user)) for pk in gone]
        keep_words(request, *(row.typed() for row in rows))


def _unsaved(request: HttpRequest, rows: list[RowForm]) -> list[RowForm]:
    """Complete those that are ticked and right; returns all others."""
    states: Counter[tuple[str, bool]] = Counter()
    left = []
    if rows and not any(row.is_taken() for row in rows):
        messages.warning(request, _("No file is ticked: nothing was saved."))
    for row in rows:
        if not row.is_taken():
            left.append(row)
            continue
        try:
            if not row.is_valid():
                raise ValidationError([])
            upload = complete(row.upload, row)
        except ValidationError as error:
            if error.messages:
                row.add_error(None, error.messages)
            left.append(row)
        else:
            states[upload.state, upload.publish] += 1
    for (state, publish), count in states.items():
        messages.success(request, _said_of_many(state, publish, count))
    return left


def _said_of_many(state: str, publish: bool, count: int) -> str:
    """Where so many completed files stand."""
    if state == Upload.State.DONE and publish:
        text = ngettext("One document is public now.", "%(count)s documents are public now.", count)
    elif state == Upload.State.DONE:
        text = ngettext(
            "One document is kept, and held back.",
            "%(count)s documents are kept, and held back.",
            count,
        )
    elif state == Upload.State.REVIEW:
        text = ngettext(
            "The fund office looks at one document first; My Gateway shows what it decides.",
            "The fund office looks at %(count)s documents first; My Gateway shows what it decides.",
            count,
        )
    else:
        text = ngettext(
            "One document goes on by itself once it is scanned for viruses.",
            "%(count)s documents go on by themselves once they are scanned for viruses.",
            count,
        )
    return text % {"count": count}
