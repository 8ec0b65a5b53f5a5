"""Fields of forms as pages draw them.

They are joined here, as rows of tables are: templates for each label, help, error and input cost
several times as much, and a list has a dozen fields.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.forms import BoundField, Form
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.kit.tables.cells import escaped

# Of Django's widgets those that are one <input>.
_INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("date", "email", "hidden", "number", "password", "text")
)


class Renderer(DjangoTemplates):
    """Django's templates of widgets, but for inputs."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The widget's element."""
        if template_name in _INPUTS:
            return _input_html(context["widget"])
        return super().render(template_name, context, request)


def _input_html(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    stated = {"type": widget["type"], "name": widget["name"]}
    stated |= {} if value is None else {"value": value}
    return mark_safe(f"<input{_attributes({**stated, **widget['attrs']})}>")  # noqa: S308 – escaped


def _attributes(values: dict[str, Any]) -> str:
    """Each after a space; True stands alone, False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in values.items()
        if value is not False
    )


def field_html(field: BoundField, *, marks_optional: bool = False) -> SafeString:
    """One field: label, help, errors, widget. `marks_optional`: what need not be filled in says
    so; a box to tick never does."""
    label, said = escaped(field.label), "".join(_said(field))
    if field.widget_type == "checkbox" and not field.use_fieldset:
        ticked = f'<label for="{field.id_for_label}">{field} <span>{label}</span></label>'
        return mark_safe(f'<div class="field tick">\n{ticked}\n{said}</div>')  # noqa: S308
    if marks_optional and not field.field.required:
        label += f' <span class="optional">{escaped(_("(optional)"))}</span>'
    if field.use_fieldset:
        opened = f"fieldset{_attributes(_described(field))}"
        labelled, closed = f"<legend>{label}</legend>", "fieldset"
    else:
        labelled = f'<label for="{field.id_for_label}">{label}</label>'
        opened, closed = 'div class="field"', "div"
    return mark_safe(f"<{opened}>\n{labelled}\n{said}{field}\n</{closed}>")  # noqa: S308 – escaped


def fields_html(
    form: Form, blank: Mapping[str, SafeString] = MappingProxyType({})
) -> list[SafeString]:
    """Each field that is seen; of `blank`, what is there already of those that were not sent."""
    return [
        blank[field.name]
        if field.name in blank and field.name not in form.data and not field.errors
        else field_html(field)
        for field in form.visible_fields()
    ]


def _described(field: BoundField) -> dict[str, str]:
    by = field.aria_describedby
    return {"class": "field", **({"aria-describedby": by} if by else {})}


def _said(field: BoundField) -> Iterator[str]:
    """Help and errors, a line each."""
    if field.help_text:
        # A lazy text tells that it is markup only once it is read; a paragraph takes no list.
        text = str(field.help_text)
        tag = "div" if isinstance(text, SafeString) else "p"
        yield f'<{tag} class="help" id="{field.auto_id}_helptext">{escaped(text)}</{tag}>\n'
    if errors := field.errors:
        hidden = f'<span class="hidden">{escaped(_("Error:"))}</span>'
        lines = "".join(f"<li>{hidden} {escaped(error)}</li>\n" for error in errors)
        yield f'<ul class="errors" id="{field.auto_id}_error">\n{lines}</ul>\n'
