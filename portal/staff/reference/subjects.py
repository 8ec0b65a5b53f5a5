"""What a project is about, by codes of public lists, as staff give them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.iati.mapping.subjects import GIVEN, WITH_SHARES, Subject
from projects.models import ProjectSubject

_WHOLE = Decimal(100)


class SubjectForm(forms.ModelForm):
    """One code of one list, and the share of the project's money that it stands for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        given = [(scheme.value, scheme.label) for scheme in GIVEN]
        self.fields["scheme"].choices = [("", "---------"), *given]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a code that the list has not, and a share where none can be."""
        data = super().clean() or self.cleaned_data
        scheme, code, share = data.get("scheme"), data.get("code"), data.get("share")
        if scheme == ProjectSubject.Scheme.HUMANITARIAN and code and code != "1":
            self.add_error("code", _("Write 1: it is humanitarian, wholly or in part."))
        elif scheme and code and not Subject(scheme, code).is_listed:
            self.add_error("code", _("The list has no code “%(code)s”.") % {"code": code})
        if share is not None and scheme and scheme not in WITH_SHARES:
            self.add_error("share", _("Only sectors have shares here."))
        elif share is not None and not 0 < share <= _WHOLE:
            self.add_error("share", _("Write a number above 0 and up to 100."))
        return data


class SubjectLines(forms.BaseInlineFormSet):
    """All codes of a project: shares of its sectors are never more than the whole."""

    def clean(self) -> None:
        """Refuse sectors that are more than the whole together."""
        super().clean()
        told = [form.cleaned_data for form in self.forms if form not in self.deleted_forms
                and hasattr(form, "cleaned_data")]  # fmt: skip
        sectors = [one for one in told if one.get("scheme") in WITH_SHARES]
        if sum((one.get("share") or Decimal(0) for one in sectors), Decimal(0)) > _WHOLE:
            raise forms.ValidationError(_("The shares of sectors are more than 100 percent."))
