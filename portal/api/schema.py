"""The interface described for machines: OpenAPI 3.1, made of the same declarations."""

from functools import cache
from typing import Any

import django_filters as filters
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from portal.api.asked import COMMON, LIMIT, MOST, PAGING
from portal.api.base import Answer, List
from portal.api.problems import PROBLEM
from portal.api.resources import DETAILS, LISTS
from portal.kit.filters import DayFilter, WholeFilter

_WORDS = {
    "as_of": "As known at the end of this day, from 1945 to today; without it, today.",
    "until": "Only money up to this day, that day included; from 1945 to today.",
    "format": "json, or csv with one line a row.",
    "fields": "Only these fields, separated by commas, such as number,figures.net_funded.",
    "limit": f"Rows of one answer, at most {MOST}.",
    "cursor": "Where to go on: take the address “next” of the answer before.",
}


class Problem(serializers.Serializer):
    """What is wrong, in words (RFC 9457)."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    errors = serializers.ListField(child=serializers.CharField())


class SealOf(serializers.Serializer):
    """The newest seal: whoever keeps it can check later that nothing was altered."""

    number = serializers.IntegerField()
    hash = serializers.CharField()
    sealed_on = serializers.DateField()


class Meta(serializers.Serializer):
    """What an answer says of itself."""

    title = serializers.CharField()
    publisher = serializers.CharField()
    filters = serializers.ListField(child=serializers.DictField())
    as_of = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    source = serializers.URLField()
    documentation = serializers.URLField()
    licence = serializers.CharField()
    licence_url = serializers.CharField()
    sample = serializers.BooleanField()
    notice = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    seal = SealOf(allow_null=True)


def parameters_of(view: Answer) -> list[OpenApiParameter]:
    """The names that the address of a view takes, none of them twice or empty."""
    fields = sorted({*view.serializer().fields, *(f"figures.{key}" for key in view.figures)})
    kinds: dict[str, dict[str, Any]] = {
        "as_of": _DAY,
        "until": _DAY,
        "format": {"type": "string", "enum": ["json", "csv"], "default": "json"},
        "fields": {"type": "array", "items": {"type": "string", "enum": fields}, "minItems": 1},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "cursor": _TEXT,
    }
    names = (*COMMON, *PAGING) if isinstance(view, List) else COMMON
    # Several fields stand in one value, separated by commas.
    found = [
        OpenApiParameter(
            name, kinds[name], description=_WORDS[name],
            style="form" if name == "fields" else None, explode=name != "fields" and None,
        )
        for name in names
    ]  # fmt: skip
    own = view.filterset_class.base_filters if view.filterset_class else {}
    return found + [
        OpenApiParameter(name, _kind(one), description=str(one.label)) for name, one in own.items()
    ]


_DAY = {"type": "string", "format": "date"}
_TEXT = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]+$"}


def _kind(one: filters.Filter) -> dict[str, Any]:
    """What the value of a filter may be, as far as that can be said without the data."""
    asked = {
        "minimum": one.extra.get("min_value"),
        "maximum": one.extra.get("max_value"),
    }
    bounds = {name: value for name, value in asked.items() if value is not None}
    if isinstance(one, WholeFilter):
        return {"type": "integer", **bounds}
    if isinstance(one, filters.NumberFilter):
        digits, places = one.extra["max_digits"], one.extra["decimal_places"]
        most = 10 ** (digits - places)
        return {
            "type": "number", "exclusiveMinimum": -most, "exclusiveMaximum": most,
            "multipleOf": float(f"1e-{places}"), **bounds,
        }  # fmt: skip
    if isinstance(one, DayFilter):
        return _DAY
    is_choice = isinstance(one, filters.ChoiceFilter | filters.TypedChoiceFilter)
    if is_choice and not isinstance(one, filters.ModelChoiceFilter):
        choices = one.extra["choices"]
        listed = choices() if callable(choices) else choices
        return {"type": "string", "enum": [value for value, _label in listed]}
    return _TEXT


class AnswerSchema(AutoSchema):
    """An answer as the schema describes it."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        """Names of the address."""
        return parameters_of(self.view)

    def get_response_serializers(self) -> Any:
        """The envelope of an answer, and what a refusal looks like."""
        row = self.view.serializer
        title = type(self.view).__name__
        fields: dict[str, Any] = {"meta": Meta()}
        if isinstance(self.view, List):
            fields["next"] = serializers.URLField(allow_null=True)
            fields["results"] = row(many=True)
        else:
            fields["result"] = row()
        answers: dict[Any, Any] = {
            (200, "application/json"): inline_serializer(f"{title}Answer", fields),
            (200, "text/csv"): OpenApiTypes.STR,
            (400, PROBLEM): Problem,
            (429, PROBLEM): Problem,
        }
        if not isinstance(self.view, List):
            answers |= {(404, PROBLEM): Problem, (410, PROBLEM): Problem}
        return answers

    def get_operation_id(self) -> str:
        """The name of the class says which of both it is."""
        return type(self.view).__name__

    def get_summary(self) -> str:
        """Its name in the documentation."""
        return str(self.view.name)

    def get_description(self) -> str:
        """What it holds."""
        return str(self.view.text)

    def get_auth(self) -> list[Any]:
        """Nobody signs in."""
        return []


@cache
def described(site: str) -> dict[str, Any]:
    """The schema of the site at this address."""
    generator = SchemaGenerator()
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)
    schema["servers"] = [{"url": site}]
    for view in (*LISTS.values(), *DETAILS.values()):
        # `fields` leaves out any of them.
        schema["components"]["schemas"][view.serializer.__name__].pop("required", None)
    return schema
