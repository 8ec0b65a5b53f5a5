"""Mending a file of IATI in the browser: what it means by a name, and what of it is left out."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.currencies import CODES
from finance.loading.content.mended import mended
from finance.loading.services import local_copy, mend_load
from finance.models import Load, Mend
from portal.iati.errors import IatiFileError
from portal.iati.reader import IatiFile
from portal.staff.access import crumbs, load_url
from portal.staff.loads.mendable import OfOneCheck, hold_as_found, keep_typed
from portal.work.checks import check
from projects.models import Organization
from projects.signed_in import signed_in


class IatiMendForm(OfOneCheck):
    """Organizations that would be made, activities that cannot be read, and any other."""

    def __init__(self, data: Any, *, load: Load) -> None:
        super().__init__(data, load=load)
        self.made: list[list[str]] = load.report.get("made", [])
        self.faulty: list[list[Any]] = load.report.get("faulty", [])
        self.made_more: int = load.report.get("made_more", 0)
        standing = mended(load)
        self.left_out = sorted(standing.left_out)
        self.currencies_meant = standing.rules.get("currency", {})
        # The file's word → its code here, "" where one would be made.
        self.codes = {word: "" for word, _name in self.made}
        self.codes |= standing.rules.get("organization", {})
        self._add_organizations()
        self._add_activities()
        self._add_currencies()

    def _add_organizations(self) -> None:
        names = dict(self.made)
        for word, code in self.codes.items():
            self.fields[_field("is", word)] = self._organization(word, names.get(word, word), code)

    def _add_activities(self) -> None:
        for identifier, line, said, position in self.faulty:
            self.fields[f"out-{position}"] = forms.BooleanField(
                label=_("Leave “%(activity)s” (line %(line)s) out")
                % {"activity": identifier or "?", "line": line},
                required=False,
                help_text=said,
            )
        left_out = self.load.mends.filter(what=Mend.What.LEFT_OUT)
        self.names: dict[int | None, str] = dict(left_out.values_list("line", "old"))
        for position in self.left_out:
            self.fields[f"in-{position}"] = forms.BooleanField(
                label=_("Take “%(activity)s” in again, activity %(number)s of the file")
                % {"activity": self.names.get(position) or "?", "number": position},
                required=False,
            )
        self.fields["activity"] = forms.CharField(
            label=_("Another activity to leave out"),
            required=False,
            max_length=200,
            help_text=_("Its identifier. What the portal has of it stays as it stands."),
        )

    def _add_currencies(self) -> None:
        for word, code in self.currencies_meant.items():
            self.fields[_field("back", word)] = forms.BooleanField(
                label=_("Take back that “%(word)s” means %(code)s") % {"word": word, "code": code},
                required=False,
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
    def _organization(word: str, name: str, code: str) -> forms.Field:
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
            initial=code,
            widget=widget,
            help_text=_("Code of the organization that is meant. Left empty, a new one is made."),
        )

    def parts(self, prefix: str) -> list[Any]:
        """The fields whose names begin so."""
        return [field for field in self if field.name.startswith(prefix)]

    def organizations(self) -> list[Any]:
        """The fields of organizations that would be made, and of those that have a code."""
        return self.parts("is-")

    def activities(self) -> list[Any]:
        """The fields of activities, those that cannot be read first."""
        return [*self.parts("out-"), *self.parts("in-"), self["activity"]]

    def currencies(self) -> list[Any]:
        """What currencies were said to mean, and another."""
        return [*self.parts("back-"), self["currency"], self["means"]]

    # --- What was said

    def clean_activity(self) -> int | None:
        """The position of the activity with this identifier: a faulty file has no staged lines."""
        if not (text := self.cleaned_data["activity"].strip()):
            return None
        with local_copy(self.load) as path:
            try:
                position = IatiFile(path, without=self.left_out).position_of(text)
            except IatiFileError as error:
                raise forms.ValidationError(str(error)) from error
        if position is None:
            raise forms.ValidationError(
                _("The file has no activity “%(name)s” that is not left out already.")
                % {"name": text}
            )
        return position

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
        for word, code in self.codes.items():
            if (new := data[_field("is", word)].strip()) != code:
                yield Mend(what=rule, column="organization", old=word, new=new)
        for word in self.currencies_meant:
            if data[_field("back", word)]:
                yield Mend(what=rule, column="currency", old=word, new="")
        if data["means"]:
            old = data["currency"].strip()
            yield Mend(what=rule, column="currency", old=old, new=data["means"])
        for identifier, _line, _said, position in self.faulty:
            if data[f"out-{position}"]:
                yield Mend(what=Mend.What.LEFT_OUT, line=position, old=identifier)
        if data["activity"]:
            name = self.data["activity"].strip()
            yield Mend(what=Mend.What.LEFT_OUT, line=data["activity"], old=name)
        for position in self.left_out:
            if data[f"in-{position}"]:
                name = self.names.get(position, "")
                yield Mend(what=Mend.What.TAKEN_IN, line=position, old=name)


def _field(what: str, word: str) -> str:
    """The name of a field about a word of the file: the same after every check."""
    return f"{what}-{sha256(word.encode()).hexdigest()[:16]}"


def mend_iati(request: HttpRequest, load: Load) -> HttpResponse:
    """The form; then the file is checked again."""
    form = IatiMendForm(request.POST if request.method == "POST" else None, load=load)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                hold_as_found(load)
                mend_load(load=load, mends=list(form.mends()), by=signed_in(request))
        except LoadError as error:
            form.add_error(None, str(error))
        else:
            check.enqueue(load.pk)
            said = _("Kept. The file is being checked again with what you mended.")
            messages.success(request, said)
            return redirect(load_url(load))
    if request.method == "POST":
        keep_typed(request, form.fields)
    title = _("Mend the file")
    context = {
        "load": load,
        "title": title,
        "form": form,
        "crumbs": crumbs((load.file_name, load_url(load)), (title, "")),
    }
    return render(request, "staff/mend_iati.html", context)
