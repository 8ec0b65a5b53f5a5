"""Whether a load may be mended now, and whether it still is what a form of mends was made of."""

import json
from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.loading.services import takes_mends
from finance.models import Load
from portal.kit.web.messages import keep_words
from portal.kit.web.once import FIELD
from portal.work.checks import is_being_released


def mendable(load: Load) -> bool:
    """Whether something of its file may be mended here."""
    if not takes_mends(load) or load.waits_for_check or load.state in load.CLOSED:
        return False
    # The release of a file of IATI reads it anew: what is mended meanwhile would be in or not.
    return load.kind != Load.Kind.IATI or not is_being_released(load)


def hold_as_found(load: Load) -> None:
    """Lock the load until the transaction ends, as the form found it; raises LoadError if not."""
    current = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
    if not mendable(current) or current.checked_at != load.checked_at:
        raise LoadError(_("Somebody mended it meanwhile: it is being checked again."))


class _DrawnAnew(forms.CharField):
    """A field that shows its initial value, whatever was sent."""

    def bound_data(self, _data: Any, initial: Any) -> Any:
        """What is drawn; what was sent is cleaned all the same."""
        return initial


class OfOneCheck(forms.Form):
    """A form that is made of what one check found: after another it is looked at once more."""

    checked = _DrawnAnew(widget=forms.HiddenInput, required=False)
    found = _DrawnAnew(widget=forms.HiddenInput, required=False)
    """What stood in its fields, as JSON: a later form may have other fields."""

    def __init__(self, data: Any, *, load: Load) -> None:
        self.load = load
        self.checked_now = load.checked_at.isoformat() if load.checked_at else ""
        super().__init__(data, initial={"checked": self.checked_now, "found": self._found})

    def _found(self) -> str:
        fields = self.fields.items()
        return json.dumps({name: field.initial for name, field in fields if field.initial})

    def clean_checked(self) -> str:
        """The check that the form was made of."""
        if self.cleaned_data["checked"] != self.checked_now:
            raise forms.ValidationError(
                _("The file was checked again meanwhile: below is what was found now.")
            )
        return self.checked_now


def keep_typed(request: HttpRequest, drawn: Collection[str] = ()) -> None:
    """Show what was typed into a form of mends where no field `drawn` holds it any more.

    Ticks and what stood in the fields before are nothing that was typed.
    """
    before = _stood_before(request.POST.get("found", ""))
    aside = {"csrfmiddlewaretoken", FIELD, "checked", "found", *drawn}
    typed = (
        str(value)
        for name, value in request.POST.items()
        if name not in aside and value not in ("on", before.get(name))
    )
    keep_words(request, "; ".join(filter(None, typed)))


def _stood_before(text: str) -> dict[str, Any]:
    """What a form says stood in its fields; nothing where it says no such thing."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
