"""Mending a file of IATI in the browser: what it means by a name, and what of it is left out."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.currencies import CODES
from finance.loading.content.mended import mended
from finance.loading.services import mend_load
from finance.models import Load, Mend
from portal.kit.text import look_alike
from portal.staff.access import crumbs, load_url
from portal.work.checks import check
from projects.models import Organization
from projects.signed_in import signed_in


class IatiMendForm(forms.Form):
    """Organizations that would be made, activities that cannot be read, and any other."""

    checked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, load: Load) -> None:
        self.load = load
        self.made: list[list[str]] = load.report.get("made", [])
        self.faulty: list[list[Any]] = load.report.get("faulty", [])
        self.left_out = sorted(mended(load).left_out)
        self.checked_now = load.checked_at.isoformat() if load.checked_at else ""
        super().__init__(data, initial={"checked": self.checked_now})
        for number, (word, name) in enumerate(self.made):
            self.fields[f"is-{number}"] = self._organization(word, name)
        for identifier, line, said in self.faulty:
            self.fields[f"out-{line}"] = forms.BooleanField(
                label=_("Leave “%(activity)s” (line %(line)s) out")
                % {"activity": identifier or "?", "line": line},
                required=False,
                help_text=said,
            )
        for line in self.left_out:
            self.fields[f"in-{line}"] = forms.BooleanField(
                label=_("Take the activity of line %(line)s in again") % {"line": line},
                required=False,
            )
        self.fields["activity"] = forms.CharField(
            label=_("Another activity to leave out"),
            required=False,
            max_length=200,
            help_text=_("Its identifier. What the portal has of it stays as it stands."),
        )
        self.fields["currency"] = forms.CharField(
            label=_("A code of a currency in the file"), required=False, max_length=60
        )
        self.fields["means"] = forms.CharField(
            label=_("The currency that it means"),
            required=False,
            max_length=3,
            help_text=_("Its three letters, such as USD."),
        )

    @staticmethod
    def _organization(word: str, name: str) -> forms.Field:
        widget = forms.TextInput(
            {
                "autocomplete": "off",
                "data-fills": "value",
                "data-suggestions": reverse("staff-reference-suggestions", args=["organizations"]),
            }
        )
        return forms.CharField(
            label=name if word == name else f"{name} ({word})",
            required=False,
            max_length=200,
            widget=widget,
            help_text=_("Code of the organization that is meant. Left empty, a new one is made."),
        )

    def parts(self, prefix: str) -> list[Any]:
        """The fields whose names begin so."""
        return [field for field in self if field.name.startswith(prefix)]

    def organizations(self) -> list[Any]:
        """The fields of organizations that would be made."""
        return self.parts("is-")

    def activities(self) -> list[Any]:
        """The fields of activities, those that cannot be read first."""
        return [*self.parts("out-"), *self.parts("in-"), self["activity"]]

    def currencies(self) -> list[Any]:
        """A currency, and what it means."""
        return [self["currency"], self["means"]]

    # --- What was said

    def clean_checked(self) -> str:
        """The check that the form was made of."""
        if self.cleaned_data["checked"] != self.checked_now:
            raise forms.ValidationError(
                _("The file was checked again meanwhile: below is what was found now.")
            )
        return self.checked_now

    def clean_activity(self) -> int | None:
        """The line of the activity with this identifier."""
        if not (text := self.cleaned_data["activity"].strip()):
            return None
        lines = self.load.staged_lines.filter(model="project").values_list("values__number", "line")
        for number, line in lines.iterator():
            if look_alike(number) == look_alike(text):
                found: int = line
                return found
        raise forms.ValidationError(
            _("The file changes nothing of an activity “%(name)s”.") % {"name": text}
        )

    def clean(self) -> dict[str, Any]:
        """Organizations are known here; a currency means one."""
        data = self.cleaned_data
        data["means"] = data.get("means", "").upper()
        for field in self.organizations():
            code = data.get(field.name, "").strip()
            if code and not Organization.objects.filter(code__iexact=code).exists():
                self.add_error(
                    field.name, _("There is no organization “%(name)s”.") % {"name": code}
                )
        if bool(data.get("currency")) != bool(data["means"]):
            self.add_error("means", _("State the code in the file and what it means, or neither."))
        elif data["means"] and data["means"] not in CODES:
            self.add_error("means", _("“%(code)s” is no currency.") % {"code": data["means"]})
        return data

    def mends(self) -> Iterator[Mend]:
        """All that was said."""
        data, rule = self.cleaned_data, Mend.What.RULE
        for number, (word, _name) in enumerate(self.made):
            if code := data[f"is-{number}"].strip():
                yield Mend(what=rule, column="organization", old=word, new=code)
        if data["means"]:
            old = data["currency"].strip()
            yield Mend(what=rule, column="currency", old=old, new=data["means"])
        for identifier, line, _said in self.faulty:
            if data[f"out-{line}"]:
                yield Mend(what=Mend.What.LEFT_OUT, line=line, old=identifier)
        if data["activity"]:
            name = self.data["activity"].strip()
            yield Mend(what=Mend.What.LEFT_OUT, line=data["activity"], old=name)
        for line in self.left_out:
            if data[f"in-{line}"]:
                yield Mend(what=Mend.What.TAKEN_IN, line=line)


def mend_iati(request: HttpRequest, load: Load) -> HttpResponse:
    """The form; then the file is checked again."""
    form = IatiMendForm(request.POST if request.method == "POST" else None, load=load)
    if request.method == "POST" and form.is_valid():
        try:
            mend_load(load=load, mends=list(form.mends()), by=signed_in(request))
        except LoadError as error:
            form.add_error(None, str(error))
        else:
            check.enqueue(load.pk)
            said = _("Kept. The file is being checked again with what you mended.")
            messages.success(request, said)
            return redirect(load_url(load))
    title = _("Mend the file")
    context = {
        "load": load,
        "title": title,
        "form": form,
        "crumbs": crumbs((load.file_name, load_url(load)), (title, "")),
    }
    return render(request, "staff/mend_iati.html", context)
