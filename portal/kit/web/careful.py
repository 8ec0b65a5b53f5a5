"""Forms that overwrite nothing silently: what somebody else saved meanwhile is told first.

Each form bears a digest of what it showed (the tag `csrf_token`). Where that is not what stands
when it is sent, nothing is saved: the page says what stands now, and may be sent again.
"""

import hashlib
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

FIELD = "as_seen"
_SHOWN = 80


class Careful:
    """Mixed into a form before its base; what stands is its instance, or its initial values."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stands = self._standing()
        self.digest = digest(self.stands)

    def _standing(self) -> dict[str, Any]:
        form: Any = self
        instance = getattr(form, "instance", None)
        if instance is None:
            return dict(form.initial)
        # Nothing that is new can have been changed by others.
        return {} if instance.pk is None else model_to_dict(instance, fields=list(form.fields))

    @property
    def seen_name(self) -> str:
        """The field with the digest of what was shown; each of several forms has its own."""
        form: Any = self
        return str(form.add_prefix(FIELD))

    def is_stale(self) -> bool:
        """Whether what was shown no longer stands."""
        form: Any = self
        return form.data.get(self.seen_name, "") not in ("", self.digest)

    def clean(self) -> Any:
        """What stands is what was shown, or it is told."""
        form: Any = self
        cleaned = super().clean()  # type: ignore[misc]
        if self.is_stale():
            data = form.cleaned_data if cleaned is None else cleaned
            form.add_error(None, _conflict(form, self.stands, data))
        return cleaned


def saved_meanwhile() -> str:
    """What is said where a form is stale."""
    return _("Somebody else saved this meanwhile. Nothing of yours was saved yet.")


def _conflict(form: Any, stands: dict[str, Any], data: dict[str, Any]) -> str:
    said = [
        f"{form.fields[name].label or name}: “{_text(stands[name])}”"
        for name in form.fields
        if name in stands and name in data and _text(stands[name]) != _text(data[name])
    ]
    text = saved_meanwhile()
    if said:
        text += " " + _("Saved now: %(values)s.") % {"values": "; ".join(said)}
    return text + " " + _("What you typed is below: send it again to replace what is saved.")


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | set):
        return ", ".join(sorted(map(_text, value)))
    text = "" if value is None else str(getattr(value, "pk", value))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def digest(values: dict[str, Any]) -> str:
    """A fingerprint of what stands."""
    parts = [(name, _whole(value)) for name, value in sorted(values.items())]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _whole(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return sorted(str(_whole(one)) for one in value)
    return "" if value is None else str(getattr(value, "pk", value))


class CarefulModelForm(Careful, forms.ModelForm):
    """For pages of the administration."""


class CarefulAdmin:
    """Mixed into the administration of what people edit by hand."""

    form: Any = CarefulModelForm
