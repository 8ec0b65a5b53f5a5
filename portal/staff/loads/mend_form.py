"""The form of all that can be mended of one load, made of what its check found."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.loading.references import References, Unknown
from finance.models import Load, LoadRemark, Mend
from portal.staff.loads.forms import word_select
from portal.staff.loads.mendable import OfOneCheck
from portal.staff.loads.new_organizations import suggested
from portal.staff.loads.places import Places
from portal.staff.loads.repeated import RepeatedValue
from projects.models import Organization

# Columns that name something → what it is looked up as; of organizations new ones may be made.
_LOOKED_UP = {
    "project": "project", "award": "project", "fund": "fund", "other_fund": "fund",
    "organization": "organization", "payee": "organization", "contributor": "organization",
    "category": "category",
}  # fmt: skip
_ORGANIZATIONS = ("organization", "payee", "contributor", "organizations")
_SAME, _NEW = "=", "+"


class MendForm(OfOneCheck):
    """Names once each, repeated values once each, then cells and rows, then any other cell."""

    def __init__(
        self,
        data: Any,
        *,
        load: Load,
        names: list[LoadRemark],
        cells: list[LoadRemark],
        further: Sequence[LoadRemark] = (),
        repeated: Sequence[RepeatedValue] = (),
    ) -> None:
        self.places = Places(load)
        self.names, self.cells, self.repeated = names, cells, repeated
        # Organizations that have no field of their own here: the rule for all holds for them.
        self.further = [remark for remark in further if self._is_organization(remark)]
        super().__init__(data, load=load)
        self._add_names()
        self._add_repeated()
        self._add_cells()
        columns = [(place.name, place.label) for place in self.places]
        self.fields["row"] = forms.IntegerField(label=_("Row"), required=False, min_value=1)
        self.fields["column"] = forms.ChoiceField(
            label=_("Column"), required=False, choices=[("", _("Choose")), *columns]
        )
        self.fields["value"] = forms.CharField(
            label=_("New value"), required=False, max_length=2000
        )

    # --- Fields

    def _add_names(self) -> None:
        known = suggested({r.value for r in self.names if self._is_organization(r)})
        for remark in self.names:
            column, named = self.places.column(remark.column), self._is_organization(remark)
            label = _("“%(name)s” (%(column)s)") % {
                "name": remark.value, "column": self.places.label(remark.column),
            }  # fmt: skip
            rows = ngettext("row %(line)s", "%(rows)s rows, the first is %(line)s", remark.rows)
            choices: list[Any] = [("", _("leave as it is"))]
            if near := known.get(remark.value):
                those = [(f"{_SAME}{one.code}", f"{one.name} ({one.code})") for one in near]
                if column != "organizations":
                    choices.append((_("Perhaps it is"), those))
            if named:
                choices.append((_("Create it, as"), self._kinds()))
                self.fields[f"name-{remark.pk}"] = forms.ChoiceField(
                    label=label,
                    required=False,
                    choices=choices,
                    help_text=rows % {"rows": remark.rows, "line": remark.line},
                )
            if column in _LOOKED_UP:
                self.fields[f"other-{remark.pk}"] = forms.CharField(
                    label=_("or the code or name of another for “%(name)s”")
                    % {"name": remark.value}
                    if named
                    else label,
                    required=False,
                    max_length=500,
                    help_text=""
                    if named
                    else f"{remark.message} ({rows})" % {"rows": remark.rows, "line": remark.line},
                )
        if self.further or any(map(self._is_organization, self.names)):
            self.fields["rest"] = forms.ChoiceField(
                label=_("All organizations that are left as they are above and further down")
                if self.further
                else _("All organizations that are left as they are above"),
                required=False,
                choices=[("", _("leave as they are")), (_("Create them, as"), self._kinds())],
                help_text=_("Look for misspelt names first: each becomes one of its own."),
            )

    def _is_organization(self, remark: LoadRemark) -> bool:
        return self.places.column(remark.column) in _ORGANIZATIONS

    @staticmethod
    def _kinds() -> list[tuple[str, Any]]:
        return [(f"{_NEW}{code}", label) for code, label in Organization.Kind.choices]

    def _add_repeated(self) -> None:
        for one in self.repeated:
            rows = _("%(rows)s rows, the first is %(line)s") % {
                "rows": len(one.lines), "line": one.lines[0],
            }  # fmt: skip
            self.fields[f"same-{one.pk}"] = forms.CharField(
                label=_("“%(name)s” (%(column)s)")
                % {"name": one.value, "column": self.places.label(one.column)},
                required=False,
                max_length=2000,
                initial=one.value,
                widget=self._widget(one.column),
                help_text=f"{one.said} ({rows})",
            )
            self.fields[f"outs-{one.pk}"] = forms.BooleanField(
                label=_("Leave these %(rows)s rows out") % {"rows": len(one.lines)},
                required=False,
            )

    def _add_cells(self) -> None:
        for remark in self.cells:
            said = f"{remark.message.rstrip('.')}. {remark.advice}".strip()
            place = self.places.find(remark.column)
            if place:
                self.fields[f"cell-{remark.pk}"] = forms.CharField(
                    label=_("Row %(row)s, %(column)s")
                    % {"row": remark.line, "column": place.label},
                    required=False,
                    max_length=2000,
                    initial=remark.value,
                    widget=self._widget(remark.column),
                    help_text=said,
                )
            out, sheet = self._out(remark), self.places.sheet(remark.column)
            if out not in self.fields:
                self.fields[out] = forms.BooleanField(
                    label=_("Leave row %(row)s of the sheet “%(sheet)s” out")
                    % {"row": remark.line, "sheet": sheet}
                    if sheet
                    else _("Leave row %(row)s out") % {"row": remark.line},
                    required=False,
                    help_text="" if place else said,
                )

    def _widget(self, called: str) -> forms.Widget | None:
        """Words to choose from, where the column takes no others."""
        place = self.places.find(called)
        return word_select(place.column) if place else None

    def _out(self, remark: LoadRemark) -> str:
        """The field by which the row of a remark is left out."""
        return f"out-{self.places.sheet(remark.column)}{remark.line}"

    # --- Parts for the page

    def name_fields(self) -> list[Any]:
        """The fields of names that are not known."""
        return [f for f in self if f.name.startswith(("name-", "other-")) or f.name == "rest"]

    def repeated_fields(self) -> list[Any]:
        """The fields of values that cannot be read in several rows."""
        return [f for f in self if f.name.startswith(("same-", "outs-"))]

    def cell_fields(self) -> list[Any]:
        """The fields of cells and rows."""
        return [f for f in self if f.name.startswith(("cell-", "out-"))]

    def other_fields(self) -> list[Any]:
        """The fields for any other cell."""
        return [self["row"], self["column"], self["value"]]

    # --- What was said

    def clean(self) -> dict[str, Any]:
        """What is named has to be known; a cell needs its row and its column."""
        data = self.cleaned_data
        references = None
        for remark in self.names:
            other = data.get(f"other-{remark.pk}")
            # In a workbook it may be what another sheet states: the check knows.
            if other and not self.places.is_workbook:
                references = references or References()
                try:
                    getattr(references, _LOOKED_UP[self.places.column(remark.column)])(other)
                except Unknown as error:
                    self.add_error(f"other-{remark.pk}", str(error))
        if bool(data.get("row")) != bool(data.get("column")):
            self.add_error("row", _("State a row and a column, or neither."))
        return data

    def to_create(self) -> list[tuple[str, str, str]]:
        """Column, name and kind of each organization to be created."""
        found = []
        rest = self.cleaned_data.get("rest", "")
        for remark in self.names:
            if not self._is_organization(remark) or self.cleaned_data.get(f"other-{remark.pk}"):
                continue
            choice = self.cleaned_data[f"name-{remark.pk}"] or rest
            if choice.startswith(_NEW):
                found.append((self._mended(remark), remark.value, choice.removeprefix(_NEW)))
        if rest:
            kind = rest.removeprefix(_NEW)
            found += [(self._mended(remark), remark.value, kind) for remark in self.further]
        return found

    def _mended(self, remark: LoadRemark) -> str:
        """What a mend calls the column of a remark; "" where it is none."""
        place = self.places.find(remark.column)
        return place.name if place else ""

    def mends(self) -> list[Mend]:
        """All but what is to be created."""
        return [*self._rules(), *self._of_repeated(), *self._cells()]

    def _rules(self) -> Iterator[Mend]:
        for remark in self.names:
            new = self.cleaned_data.get(f"other-{remark.pk}", "")
            choice = self.cleaned_data.get(f"name-{remark.pk}", "")
            if not new and choice.startswith(_SAME):
                new = choice.removeprefix(_SAME)
            if new:
                column = self._mended(remark)
                yield Mend(what=Mend.What.RULE, column=column, old=remark.value, new=new)

    def _of_repeated(self) -> Iterator[Mend]:
        for one in self.repeated:
            new = self.cleaned_data.get(f"same-{one.pk}")
            if self.cleaned_data.get(f"outs-{one.pk}"):
                for line in one.lines:
                    yield _left_out(line, self.places.sheet(one.column))
            elif new is not None and new != one.value:
                yield Mend(what=Mend.What.RULE, column=one.column, old=one.value, new=new)

    def _cells(self) -> Iterable[Mend]:
        data = self.cleaned_data
        out = set()
        for remark in self.cells:
            if data.get(name := self._out(remark)):
                if name not in out:
                    out.add(name)
                    yield _left_out(remark.line, self.places.sheet(remark.column))
                continue
            new, column = data.get(f"cell-{remark.pk}"), self._mended(remark)
            if column and new is not None and new != remark.value:
                yield _cell(remark.line, column, remark.value, new)
        if data.get("row"):
            yield _cell(data["row"], data["column"], "", data["value"])


def _cell(line: int | None, column: str, old: str, new: str) -> Mend:
    return Mend(what=Mend.What.CELL, line=line, column=column, old=old, new=new)


def _left_out(line: int | None, sheet: str) -> Mend:
    return Mend(what=Mend.What.LEFT_OUT, line=line, column=sheet)
