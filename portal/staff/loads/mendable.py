"""Whether a load may be mended now, and whether it still is what a form of mends was made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.loading.services import takes_mends
from finance.models import Load
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

    def __init__(self, data: Any, *, load: Load) -> None:
        self.load = load
        self.checked_now = load.checked_at.isoformat() if load.checked_at else ""
        super().__init__(data, initial={"checked": self.checked_now})

    def clean_checked(self) -> str:
        """The check that the form was made of."""
        if self.cleaned_data["checked"] != self.checked_now:
            raise forms.ValidationError(
                _("The file was checked again meanwhile: below is what was found now.")
            )
        return self.checked_now
