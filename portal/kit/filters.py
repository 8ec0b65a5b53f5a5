"""Filters in words, for the heading of files and prints."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit import formatting
from portal.kit.dates import parse_day
from portal.kit.language.place_names import shown_name
from portal.kit.safe import clean_text


class WholeFilter(django_filters.NumberFilter):
    """By a whole number: 2020.5 is no year, and 1.5 not the file with the number 1."""

    field_class = forms.IntegerField


class DayField(forms.DateField):
    """A day as addresses have it, in whatever language the page is."""

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError for what is not written like 2025-05-31."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        if (day := parse_day(value)) is None:
            raise ValidationError(gettext("Write the day like 2025-05-31."), code="invalid")
        return day


class DayFilter(django_filters.DateFilter):
    """By a day."""

    field_class = DayField


class CodesField(forms.CharField):
    """Codes of things that are there, in any case, as addresses have them; others are wrong.

    `among` gives those of some codes as they are written here. `unstated` stands for what states
    none; with `several`, commas part them, each counts once, and their order says nothing.
    """

    def __init__(
        self,
        *args: Any,
        among: Callable[[Collection[str]], Iterable[str]],
        unstated: str = "",
        several: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.among, self.unstated, self.several = among, unstated, several

    def clean(self, value: Any) -> str:
        """The codes as they are written here. Raises ValidationError."""
        text: str = super().clean(value)
        codes = [code.strip() for code in text.split(",")] if self.several else [text]
        asked = {code for code in codes if code and code != self.unstated}
        there = list(self.among(asked)) if asked else []
        of_any_case = {code.lower(): code for code in there}
        found = [
            code if code in there or code not in asked else of_any_case.get(code.lower())
            for code in codes
        ]
        if None in found:
            raise ValidationError(gettext("Nothing has this code or name."), code="invalid")
        return ",".join(sorted({str(code) for code in found if code}))


class CodesFilter(django_filters.CharFilter):
    """By such codes."""

    field_class = CodesField


def codes_of(model: type[models.Model]) -> Callable[[Collection[str]], Iterable[str]]:
    """Those of some codes that things of this model have, in any case."""

    def among(codes: Collection[str]) -> Iterable[str]:
        found = models.Q()
        for code in codes:
            found |= models.Q(code__iexact=code)
        return model._default_manager.filter(found).values_list("code", flat=True)

    return among


class DayOrField(DayField):
    """A day, or the sign for what states none."""

    def __init__(self, *args: Any, unstated: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unstated = unstated

    def clean(self, value: Any) -> Any:
        """The day or the sign. Raises ValidationError."""
        return value if value == self.unstated else super().clean(value)


class DayOrFilter(django_filters.Filter):
    """By a day, or by that none is stated."""

    field_class = DayOrField


class YesNoField(forms.TypedChoiceField):
    """Yes or no, as programs write it: true and false, in any case, or 1 and 0."""

    def to_python(self, value: Any) -> Any:
        """The word of the choices."""
        word = "" if value is None else str(value).lower()
        return super().to_python({"1": "true", "0": "false"}.get(word, word))


class YesNoFilter(django_filters.TypedChoiceFilter):
    """By yes or no; another word is wrong, and not as if nothing had been asked."""

    field_class = YesNoField

    def __init__(self, **options: Any) -> None:
        choices = (("true", _("yes")), ("false", _("no")))
        super().__init__(choices=choices, coerce=lambda text: text == "true", **options)


def described_filters(filterset: Any) -> list[tuple[str, str]]:
    """Label and value of each filter in force; wrong values are not."""
    return [(label, value) for _name, label, value in described_by_name(filterset)]


def described_by_name(filterset: Any) -> list[tuple[str, str, str]]:
    """The same, each after the name of its filter."""
    if filterset is None or not filterset.is_bound:
        return []
    form = filterset.form
    form.is_valid()
    return [
        (name, clean_text(str(form[name].label)), clean_text(in_words(form.fields[name], value)))
        for name, value in form.cleaned_data.items()
        if not _is_empty(value)
    ]


def wrong_filters(filterset: Any) -> list[str]:
    """What is wrong with the values asked for, in words; nothing is found by them."""
    if filterset is None or not filterset.is_bound:
        return []
    form = filterset.form
    if form.is_valid() and (first := _reversed(form)):
        form.add_error(first, gettext("The end lies before the beginning: nothing is between."))
    if not form.errors:
        return []
    return [
        f"{form[name].label}: {' '.join(errors)}" if name in form.fields else " ".join(errors)
        for name, errors in form.errors.items()
    ]


def names_of(filterset: Any) -> set[str]:
    """The names by which an address may ask for its filters."""
    if filterset is None:
        return set()
    form = filterset.form
    names: set[str] = set()
    for name, field in form.fields.items():
        suffixes = [f"_{suffix}" for suffix in getattr(field.widget, "suffixes", ())]
        names.update(form.add_prefix(name) + suffix for suffix in suffixes or ("",))
    return names


def _reversed(form: Any) -> str:
    """The name of a field that begins a range after its end, or ""."""
    values = form.cleaned_data
    pairs = [("first", "last")]
    pairs += [(name, f"{name[:-4]}_max") for name in values if name.endswith("_min")]
    for first, last in pairs:
        begin, end = values.get(first), values.get(last)
        if begin is not None and end is not None and begin > end:
            return first
    for name, value in values.items():
        is_range = isinstance(value, slice) and None not in (value.start, value.stop)
        if is_range and value.start > value.stop:
            return str(name)
    return ""


def _is_empty(value: Any) -> bool:
    if isinstance(value, models.QuerySet | list | tuple):
        return not value  # reads a queryset once, for `in_words` as well
    return value is None or value == ""


def in_words(field: Any, value: Any) -> str:
    """The value as a reader would say it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return formatting.day(value)
    if isinstance(value, Decimal):
        return _number_in_words(field, value)
    if isinstance(value, slice):
        return _range_in_words(field, value)
    if isinstance(value, models.QuerySet | list | tuple | set):
        return ", ".join(in_words(field, item) for item in value)
    if isinstance(value, models.Model):
        return shown_name(value)
    return str(_labels(getattr(field, "choices", ())).get(str(value), value))


def _number_in_words(field: Any, value: Decimal) -> str:
    """Amounts with marks between thousands; a year has none."""
    is_amount = getattr(field, "is_amount", False)
    is_whole = value == value.to_integral_value()
    return formatting.figure(value, 0 if is_whole else 2) if is_amount else str(value)


def _range_in_words(field: Any, value: slice) -> str:
    start = in_words(field, value.start) if value.start is not None else "…"
    stop = in_words(field, value.stop) if value.stop is not None else "…"
    return f"{start} – {stop}"


def _labels(choices: Iterable[Any]) -> dict[str, str]:
    """Choices as a flat dict; groups are opened."""
    labels: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels |= _labels(label)
        else:
            labels[str(value)] = str(label)
    return labels
