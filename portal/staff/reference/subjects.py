"""What a project is about, by codes of public lists, as staff give them."""

from typing import Any

from django import forms

from projects.models.subjects import GIVEN, WITH_SHARES, shares_fault, subject_faults


class SubjectForm(forms.ModelForm):
    """One code of one list, and the share of the project's money that it stands for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        given = [(scheme.value, scheme.label) for scheme in GIVEN]
        self.fields["scheme"].choices = [("", "---------"), *given]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a code that the list has not, and a share where none can be."""
        data = super().clean() or self.cleaned_data
        scheme, code = data.get("scheme"), data.get("code")
        if scheme and code:
            for field, message in subject_faults(scheme, code, data.get("share")).items():
                self.add_error(field, message)
        return data


class SubjectLines(forms.BaseInlineFormSet):
    """All codes of a project: shares of its sectors are never more than the whole."""

    def clean(self) -> None:
        """Refuse sectors that are more than the whole together."""
        super().clean()
        told = [form.cleaned_data for form in self.forms if form not in self.deleted_forms
                and hasattr(form, "cleaned_data")]  # fmt: skip
        sectors = [one for one in told if one.get("scheme") in WITH_SHARES]
        if fault := shares_fault(one.get("share") for one in sectors):
            raise forms.ValidationError(fault)
