"""The form of one thing with its lines, saved together or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models, transaction
from django.forms import BaseInlineFormSet, inlineformset_factory, modelform_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.kit.named_choice import NamedChoiceField
from portal.kit.text import Words
from portal.kit.web import careful
from portal.staff.reference.kinds import KINDS, NAMED_BY, Kind, Lines
from projects.forms import ProjectForm
from projects.models import User

# Fields of whose values nothing is told beside the form itself: they are a person's.
_PERSONAL = ("person_name", "person_email")
_LONG = 200


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words; `is_told` is False of a person's name and address."""

    label: Words
    old: str
    new: str
    is_told: bool = True


def _field(field: models.Field, **options: Any) -> forms.Field | None:
    """The form's field of a model's: things by their codes, days by a calendar."""
    if isinstance(field, models.ForeignKey) and field.related_model in NAMED_BY:
        named: Any = NamedChoiceField(
            queryset=field.related_model._default_manager.all(),
            to_field_name=NAMED_BY[field.related_model],
            label=_label(field),
            help_text=field.help_text,
            required=not field.blank,
        )
        codes = {kind.model: kind.code for kind in KINDS.values()}
        named.widget.attrs |= {
            "autocomplete": "off",
            "data-fills": "value",
            "data-suggestions": reverse(
                "staff-reference-suggestions", args=[codes[field.related_model]]
            ),
        }
        return named
    if isinstance(field, models.DateField):
        options["widget"] = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    if isinstance(field, models.URLField):
        options["assume_scheme"] = "https"
    made: forms.Field | None = field.formfield(**options)
    if isinstance(made, forms.CharField) and isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 3
    return made


def _label(field: Any) -> str:
    """What the field is called; without a name of its own, what it refers to."""
    if field.related_model is field.model:
        return _("Part of the project")
    has_own = field.verbose_name != field.name.replace("_", " ")
    return capfirst(str(field.verbose_name if has_own else field.related_model._meta.verbose_name))


class _Named:
    """Mixed into a form: what refers to something begins with the thing, not its number."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        form: Any = self
        for name, field in form.fields.items():
            if isinstance(field, NamedChoiceField) and getattr(form.instance, f"{name}_id"):
                form.initial[name] = getattr(form.instance, name)


def _named(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    return type(form.__name__, (_Named, form), {})


class ThingForm:
    """One thing of a kind: its fields (`main`) and its lines (`sets`), as `by` may change them."""

    def __init__(
        self, kind: Kind, thing: models.Model | None, data: QueryDict | None, *, by: User | None
    ) -> None:
        self.kind = kind
        instance = kind.model() if thing is None else thing
        names = [name for row in kind.rows for name in row]
        if thing is None:
            # Nothing that is new was held against a load.
            names = [name for name in names if name != "held_fields"]
        form_class = modelform_factory(
            kind.model, form=_named(kind.form), fields=names, formfield_callback=_field
        )
        main: Any = form_class(data, instance=instance)
        self.main = main
        self.sets = [_lines(kind, lines, instance, data, by) for lines in kind.lines]
        # What others changed in a line meanwhile is told as what they changed in a field.
        main.digest = careful.digest(main.stands | self._lines_as_they_stand())

    def _lines_as_they_stand(self) -> dict[str, Any]:
        return {
            str(lines.prefix): [
                (one.instance.pk, *(repr(one.initial.get(name)) for name in one.fields))
                for one in lines.initial_forms
            ]
            for lines in self.sets
        }

    def rows(self) -> Iterator[list[Any]]:
        """The fields, by the rows that they share."""
        for row in self.kind.rows:
            if fields := [self.main[name] for name in row if self._is_shown(name)]:
                yield fields

    def _is_shown(self, name: str) -> bool:
        field = self.main.fields.get(name)
        is_choice = isinstance(field, forms.MultipleChoiceField)
        # Nothing to choose from is nothing to show.
        return field is not None and not (is_choice and not field.choices)

    @property
    def errors(self) -> bool:
        """Whether anything is wrong, of a form that was sent."""
        return self.main.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        """Whether all of it can be saved."""
        # All of them, so that all errors are told at once.
        return all([self.main.is_valid(), *(lines.is_valid() for lines in self.sets)])

    def has_changed(self) -> bool:
        """Whether it would change anything."""
        return bool(self.main.changed_data) or any(lines.has_changed() for lines in self.sets)

    @transaction.atomic
    def save(self) -> models.Model:
        """The thing, saved with its lines."""
        thing: models.Model = self.main.save()
        for lines in self.sets:
            lines.instance = thing
            lines.save()
        if isinstance(self.main, ProjectForm):
            self.main.log_status()
        return thing

    # --- What it changes

    def changed_lines(self) -> list[Lines]:
        """The lines of which it changes any."""
        pairs = zip(self.kind.lines, self.sets, strict=True)
        return [lines for lines, made in pairs if made.has_changed()]

    def differences(self) -> list[Difference]:
        """Each field that changes, before and after, of lines too."""
        found = list(_differences(self.main))
        for lines in self.sets:
            for form in lines.forms:
                found += _line_differences(form, lines)
        return found


def _lines(
    kind: Kind, lines: Lines, instance: models.Model, data: QueryDict | None, by: User | None
) -> BaseInlineFormSet:
    may = lines.may(by)
    made: Any = inlineformset_factory(
        kind.model,
        lines.model,
        form=_named(lines.form),
        formset=lines.together,
        fields=lines.fields,
        fk_name=_way_back(kind, lines),
        formfield_callback=_field,
        extra=1 if may else 0,
        can_delete=may,
    )
    found: BaseInlineFormSet = made(data, instance=instance, prefix=lines.model._meta.model_name)
    found.title = lines.title  # type: ignore[attr-defined]
    found.is_locked = not may  # type: ignore[attr-defined]
    for form in found.forms:
        for name in () if may else lines.fields:
            # What is sent for it counts for nothing.
            form.fields[name].disabled = True
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this away")
    return found


def _way_back(kind: Kind, lines: Lines) -> str:
    """The field of a line that leads to its thing."""
    fields = lines.model._meta.fields
    return next(
        field.name for field in fields if field.related_model is kind.model and field.name != "pk"
    )


def _differences(form: Any) -> Iterator[Difference]:
    for name in form.changed_data:
        if name in form.fields and name not in ("id", "DELETE"):
            yield Difference(
                form.fields[name].label or name,
                _shown(form, name, form[name].initial),
                _shown(form, name, form[name].value()),
                is_told=name not in _PERSONAL,
            )


def _line_differences(form: Any, lines: Any) -> Iterator[Difference]:
    deleted = lines.can_delete and form in lines.deleted_forms
    if not (form.has_changed() or deleted):
        return
    # Where there is but one, it need not be told from others.
    before = "" if form.instance.pk is None or lines.max_num == 1 else _first(form)
    if deleted:
        yield Difference(lines.title, before, _("taken away"))
        return
    for one in _differences(form):
        label = f"{lines.title}{f', {before}' if before else ''}: {one.label}"
        yield Difference(label, one.old, one.new, one.is_told)


def _first(form: Any) -> str:
    """What tells a line from the others: its first field."""
    name = next(iter(form.fields))
    return _shown(form, name, form[name].initial)


def _shown(form: Any, name: str, value: Any) -> str:
    """A value as people read it."""
    field = form.fields[name]
    if value in (None, "", []):
        return "–"
    if isinstance(field, NamedChoiceField):
        found = value if isinstance(value, models.Model) else _thing_of(field, value)
        return str(found or value)
    choices: Mapping[Any, Any] = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(choices.get(value, value))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _thing_of(field: NamedChoiceField, value: Any) -> Any:
    return field.queryset.filter(**{str(field.to_field_name): value}).first()  # type: ignore[union-attr]
