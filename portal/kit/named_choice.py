"""One of many things: a select of up to 200, beyond them a text field for a code or a name; and one
of some values, as far as a list holds them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.language.place_names import shown_name
from portal.kit.tables.cells import escaped
from portal.kit.text import WORD, fold
from portal.kit.together import read_together

MOST = 200
# So many of those that a name may mean are told.
_TOLD = 5
# Rows of a list that are looked through for the values that they hold.
LOOKED_AT = 10_000


class _FewChoices(ModelChoiceIterator):
    """The choices, and one more than a select takes where there are more."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        field: Any = self.field
        if field.kept is not None:
            yield from field.kept()
            return
        read_together(*(one.few for one in field.beside))
        for found in _in_order(field.few):
            yield self.choice(found)


def _in_order(things: Any) -> list[Any]:
    """As they stand, or by the names that pages show where these are others."""
    found = list(things)
    if found and hasattr(found[0], "local_name"):
        found.sort(key=lambda one: fold(one.local_name))
    return found


class SelectOrText(forms.Select):
    """A select, or a text field where the choices are too many to be looked through."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # Of the iterator itself, `list` would ask for the length first.
        choices: list[Any] = list(iter(self.choices))
        if len(choices) > MOST + 1:
            text = forms.TextInput({"placeholder": _("Code or name"), **self.attrs})
            return text.render(name, value, attrs, renderer)
        chosen = self.format_value(value)
        # In force, though not offered.
        choices += [(key, key) for key in chosen if key and not _is_among(key, choices)]
        # A template for each of two hundred options would cost more than all else on the page.
        options = "".join(
            f'<option value="{escaped(key)}"{" selected" * (str(key) in chosen)}>'
            f"{escaped(label)}</option>"
            for key, label in choices
        )
        stated = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return mark_safe(f"<select{stated}>{options}</select>")  # noqa: S308 – escaped above


def _is_among(key: str, choices: list[Any]) -> bool:
    return any(str(offered) == key for offered, _label in choices)


class NamedChoiceField(forms.ModelChoiceField):
    """A thing with `sort_name`, by what stands in the address (`to_field_name`) or by its name."""

    iterator = _FewChoices
    widget = SelectOrText
    # Gives those of them that a list can hold, where these are fewer; mostly they were kept.
    offered: Callable[[], models.QuerySet] | None = None
    # Fields of the same form, whose choices are read with its own.
    beside: tuple["NamedChoiceField", ...] = ()
    # Gives what stands in the address and the name of each choice, where these are kept.
    kept: Callable[[], Iterable[tuple[str, str]]] | None = None

    @cached_property
    def few(self) -> Any:
        """So many of the choices as a select takes, and one more where there are more."""
        among: Any = self.queryset if self.offered is None else self.offered()
        return among[: MOST + 1]

    def label_from_instance(self, obj: Any) -> str:
        """Its name in the language of the page."""
        return shown_name(obj)

    def to_python(self, value: Any) -> Any:
        """The one thing of this code, or with these words in its name."""
        try:
            return super().to_python(value)
        except ValidationError:
            found = list(self._meant(str(value))[: _TOLD + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(gettext("Nothing has this code or name.")) from None
        told = "; ".join(f"{self.prepare_value(one)} {shown_name(one)}" for one in found[:_TOLD])
        told += " …" if len(found) > _TOLD else ""
        words = gettext("Several have this in their name; give the code of one: %(found)s")
        raise ValidationError(words % {"found": told})

    def _meant(self, text: str) -> Any:
        """Those with the code in another case or, if there is none, with the words."""
        among: Any = self.queryset
        code = f"{self.to_field_name or 'pk'}__iexact"
        of_code = among.filter(**{code: text.strip()})
        if of_code.exists():
            return of_code
        named = models.Q(sort_name__contains=fold(text.strip()))
        if words := " ".join(WORD.findall(fold(text))):
            fields = {field.name for field in among.model._meta.get_fields()}
            named |= models.Q(search_names__contains=words) if "search_names" in fields else named
        return among.filter(named)


def read_choices_together(form: forms.Form) -> None:
    """Let all selects of the form read their choices when the first is drawn."""
    fields = tuple(one for one in form.fields.values() if isinstance(one, NamedChoiceField))
    for field in fields:
        field.beside = fields


def keep_choices(form: forms.Form, keep: Callable[[Callable[[], Any]], Any]) -> None:
    """Let the selects of the form, which offer everybody the same, be read once for many: `keep`
    gives what is read, or was read before."""
    named = form.fields.items()
    fields = {name: one for name, one in named if isinstance(one, NamedChoiceField)}

    def read() -> dict[str, list[tuple[str, str]]]:
        read_together(*(one.few for one in fields.values()))
        return {
            name: [
                (str(one.prepare_value(found)), str(one.label_from_instance(found)))
                for found in _in_order(one.few)
            ]
            for name, one in fields.items()
        }

    held = cache(lambda: keep(read))
    for name, field in fields.items():
        field.kept = partial(lambda name: held()[name], name)


def read_anew(form: forms.Form) -> None:
    """Let its selects read their choices themselves, for what is made of them is kept."""
    read_choices_together(form)
    for field in form.fields.values():
        if isinstance(field, NamedChoiceField):
            field.kept = None


class NamedChoiceFilter(django_filters.ModelChoiceFilter):
    """A filter by one of many things."""

    field_class = NamedChoiceField


# Of the rows of a list, the values of a filter that any of them has.
Held = Callable[[Any], Iterable[Any]]


class HeldChoiceFilter(django_filters.ChoiceFilter):
    """A filter by one of some values, of which those are offered that the list holds; of a list
    too long to be looked through, all.

    Any of them may be asked for: with one that no row has, nothing is found.
    `held`: what of the rows says which there are, where it is more than a column.
    """

    def __init__(self, *, choices: Any, held: Held | None = None, **kwargs: Any) -> None:
        # Asked for when need be: each form would copy all of them.
        super().__init__(choices=choices if callable(choices) else lambda: choices, **kwargs)
        self.held = held

    @property
    def field(self) -> Any:
        """The field, with a select that looks when it is drawn."""
        field = super().field
        if getattr(self, "parent", None) is not None and not isinstance(
            field.widget.choices, _Held
        ):
            field.widget.choices = _Held(self, field.choices)
        return field

    def among(self, rows: Any) -> Iterable[Any] | None:
        """The values that any of the rows has; None where these are too many to be looked at."""
        looked_at = rows.order_by()[: LOOKED_AT + 1]
        if self.held is not None:
            return None if looked_at.count() > LOOKED_AT else self.held(rows)
        values = looked_at.values(of_filter=F(self.field_name))
        found = values.aggregate(count=Count("*"), held=ArrayAgg("of_filter", distinct=True))
        return None if found["count"] > LOOKED_AT else found["held"] or ()


class _Held:
    """The choices that are held, the one in force, and that of any."""

    def __init__(self, of: HeldChoiceFilter, choices: Any) -> None:
        self.of, self.choices = of, choices

    def __iter__(self) -> Iterator[Any]:
        return iter(self._offered)

    @cached_property
    def _offered(self) -> list[Any]:
        held = self.of.among(self.of.parent.queryset)
        if held is None:
            return list(self.choices)
        asked = self.of.parent.data or {}
        shown = {"", *held}
        shown |= {asked.get(name) for name, one in self.of.parent.filters.items() if one is self.of}
        return [(value, label) for value, label in self.choices if value in shown]
