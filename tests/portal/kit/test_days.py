"""A day in a form: ISO, or the language's own whole form; never the American way unasked."""

import pytest
from django import forms
from django.utils import translation


class _Form(forms.Form):
    day = forms.DateField()


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "2025-02-05", "2025-02-05"), ("en", "5 Feb 2025", "2025-02-05"),
        ("en", "05/02/2025", None), ("en", "02/05/25", None),
        ("fr", "05/02/2025", "2025-02-05"), ("fr", "05/02/25", None),
        ("es", "05/02/2025", "2025-02-05"), ("es", "2025-02-05", "2025-02-05"),
    ],
)  # fmt: skip
def test_a_day_is_read_by_one_rule(language, text, day):
    with translation.override(language):
        form = _Form({"day": text})
        assert form.is_valid() == (day is not None)
        assert day is None or form.cleaned_data["day"].isoformat() == day
