"""What the headings of a source's files mean: stated once, remembered for source and kind."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from finance.errors import LoadError
from finance.formats.columns import FileColumn, FileKind
from finance.formats.kinds import KINDS
from finance.formats.outline import Outline, outline
from finance.formats.remembered import remember_mapping
from finance.loading.services import local_copy
from finance.models import Load
from portal.kit.web.careful import Careful
from portal.staff.access import ENTER, crumbs, load_or_404, load_url, staff_only
from portal.staff.loads.actions import check_anew
from projects.signed_in import signed_in


class MappingForm(Careful, forms.Form):
    """For each column of the kind a heading of the file, or one value for all rows."""

    def __init__(self, data: Any = None, *, kind: FileKind, file: Outline, spec: dict[str, Any]):
        self.kind, self.file, self.spec = kind, file, spec
        super().__init__(data)
        headings = [h for h in file.headings if h and file.headings.count(h) == 1]
        known = spec.get("columns") or file.guesses(kind)
        for column in kind.columns:
            self._add(column, headings, known.get(column.name, ""))
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Dates such as 03/04/2024"),
            required=False,
            initial=spec.get("date_order", ""),
            choices=[
                ("", _("are refused as ambiguous")),
                ("day-first", _("mean 3 April: the day first")),
                ("month-first", _("mean 4 March: the month first")),
            ],
        )
        self.fields["decimal"] = forms.ChoiceField(
            label=_("Decimal sign"),
            required=False,
            initial=spec.get("decimal", ""),
            choices=[("", _("as the column shows")), (".", _("a dot")), (",", _("a comma"))],
        )

    def _standing(self) -> dict[str, Any]:
        return {"mapping": json.dumps(self.spec, sort_keys=True)}

    def _add(self, column: FileColumn, headings: list[str], heading: str) -> None:
        label = str(column.label) + (f" ({_('required')})" if column.required else "")
        self.fields[f"column-{column.name}"] = forms.ChoiceField(
            label=label,
            required=False,
            initial=heading if heading in headings else "",
            choices=[("", _("not in the file")), *((h, h) for h in headings)],
            help_text=column.note,
        )
        self.fields[f"constant-{column.name}"] = forms.CharField(
            label=_("%(column)s: one value for all rows") % {"column": column.label},
            required=False,
            max_length=200,
            initial=self.spec.get("constants", {}).get(column.name, ""),
        )

    def pairs(self) -> list[tuple[Any, Any]]:
        """The two fields of each column."""
        return [
            (self[f"column-{column.name}"], self[f"constant-{column.name}"])
            for column in self.kind.columns
        ]

    def clean(self) -> dict[str, Any]:
        """Every required column has a heading or a value."""
        super().clean()
        data = self.cleaned_data
        stated = {
            column.name
            for column in self.kind.columns
            if data.get(f"column-{column.name}") or data.get(f"constant-{column.name}")
        }
        for column in self.kind.required:
            if column.name not in stated:
                self.add_error(
                    f"column-{column.name}", _("Choose a heading, or give a value for all rows.")
                )
        for group in self.kind.either:
            if not stated & set(group):
                self.add_error(f"column-{group[0]}", _("At least one of these columns is needed."))
        return data

    def stated(self) -> dict[str, Any]:
        """The mapping as data; what this form does not ask stays as it was."""
        data = self.cleaned_data
        columns, constants = {}, {}
        for column in self.kind.columns:
            if heading := data.get(f"column-{column.name}"):
                columns[column.name] = heading
            if value := data.get(f"constant-{column.name}"):
                constants[column.name] = value
        spec = {**self.spec, "kind": self.kind.code, "columns": columns, "constants": constants}
        if self.file.sheet:
            spec["sheet"] = self.file.sheet
        for name in ("date_order", "decimal"):
            if data[name]:
                spec[name] = data[name]
            else:
                spec.pop(name, None)
        return spec


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """State the mapping of a file, remember it, and check the file again."""
    load = load_or_404(pk)
    try:
        file = _outline(load)
    except (LoadError, OSError) as error:
        messages.error(request, str(error))
        return redirect(load_url(load))
    spec = load.options.get("mapping") or {}
    sent = request.POST if request.method == "POST" else None
    form = MappingForm(sent, kind=KINDS[load.kind], file=file, spec=spec)
    if request.method == "POST" and form.is_valid() and _remember(form, load, request):
        return redirect(load_url(load))
    context = {
        "load": load,
        "title": _("What the headings mean"),
        "form": form,
        "file": file,
        "has_more": sorted(set(spec) & {"emits", "values", "negated", "digits", "year_end"}),
        "crumbs": crumbs((load.file_name, load_url(load)), (_("Mapping"), "")),
    }
    return render(request, "staff/mapping.html", context)


def _outline(load: Load) -> Outline:
    if load.kind not in KINDS or not load.is_of_a_file or load.state in load.CLOSED:
        raise LoadError(_("This load takes no mapping."))
    with local_copy(load) as path:
        return outline(path)


def _remember(form: MappingForm, load: Load, request: HttpRequest) -> bool:
    spec = form.stated()
    try:
        remember_mapping(source=load.source, spec=spec, by=signed_in(request))
        check_anew(load, mapping=spec)
    except ValidationError as error:
        form.add_error(None, error)
    except LoadError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("The mapping is remembered; the file is being checked again."))
    return form.is_valid()
