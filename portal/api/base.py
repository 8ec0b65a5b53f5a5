"""What all answers share: strict names, dates, fields, pages of rows, what the answer says of
itself. A list is declared: its rows, its filter, its serializer, its key."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.asked import (
    COMMON,
    PAGING,
    asked_fields,
    asked_limit,
    check_names,
    known_of,
)
from portal.api.figures import address
from portal.api.notes import notes_on
from portal.api.paging import Part, part_of
from portal.kit.currency import base_currency
from portal.kit.dates import Known, WrongQuery, asked_dates
from portal.kit.files.about import About, warn_in_files
from portal.kit.filters import described_filters, wrong_filters


class Answer(APIView):
    """One answer; a subclass states what it holds."""

    # Of the interface's documentation.
    name: Any = ""
    text: Any = ""
    example = ""
    serializer: type[serializers.Serializer]
    figures: tuple[str, ...] = ()
    filterset_class: Any = None
    known: Known

    # --- What is asked for

    def names(self) -> tuple[str, ...]:
        """The names that the address may have."""
        return COMMON

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read what is asked for. Raises WrongQuery, and MethodNotAllowed before it."""
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            self.http_method_not_allowed(request)
        self.plain_request: HttpRequest = request._request
        check_names(request.query_params, self.names())
        self.known = known_of(self.plain_request)
        self.dates = asked_dates(self.plain_request).query()
        self.fields = asked_fields(
            request.query_params, self.serializer().fields.keys(), self.figures
        )

    @property
    def wanted_figures(self) -> tuple[str, ...]:
        """The figures to add up: all, those named, or none."""
        if not self.fields or "figures" in self.fields:
            return self.figures
        return tuple(key for key in self.figures if f"figures.{key}" in self.fields)

    # --- What is answered

    def serialized(self, rows: Any, *, many: bool) -> Any:
        """The rows with the fields asked for."""
        made = self.serializer(rows, many=many, context={"view": self, "dates": self.dates})
        if self.fields:
            own: Any = made.child if many else made
            kept = {name.partition(".")[0] for name in self.fields}
            for name in set(own.fields) - kept:
                del own.fields[name]
        return made.data

    def columns(self) -> list[str]:
        """The dotted names of the columns of a CSV file."""
        names = list(_columns(self.serializer(), self.figures))
        if not self.fields:
            return names
        return [name for name in names if any(_is_of(name, field) for field in self.fields)]

    def meta(self, filters: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        """What the answer says of itself, as files do."""
        request = self.plain_request
        said = About.of(request, self.name, filters).as_json()
        # What is kept is the same for whoever asks, whenever it was made.
        del said["made_at"]
        dates = asked_dates(request)
        return {
            **said,
            "until": dates.until.isoformat() if dates.until else None,
            "currency": base_currency(),
            "documentation": address(reverse("api")),
        }

    def note(self, found: Iterable[Any]) -> None:
        """Have the answer say what is to be said of the figures in it."""
        if self.wanted_figures:
            warn_in_files(self.plain_request, *notes_on([one.told for one in found]))

    def answer(self, body: dict[str, Any], following: str | None = None) -> Response:
        """The answer with its links."""
        links = {
            "service-doc": address(reverse("api")),
            "service-desc": address(reverse("api-schema")),
            "license": body["meta"]["licence_url"],
            "next": following,
            # A CSV file does not say of itself what JSON does.
            "describedby": body["meta"]["source"],
        }
        text = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if url)
        return Response(body, headers={"Link": text})


class List(Answer):
    """A list: the rows behind the cursor that its filter leaves."""

    key: Sequence[str] = ("pk",)

    def rows(self) -> Any:
        """The rows before any filter."""
        raise NotImplementedError

    def filter_options(self) -> dict[str, Any]:
        """What the filter needs to know beside the address."""
        return {}

    def finish(self, rows: list[Any]) -> list[Any]:
        """The rows of this answer, with what is added up of them only."""
        return rows

    def names(self) -> tuple[str, ...]:
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        return (*COMMON, *PAGING, *filters)

    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Some rows, and the address of those behind them."""
        filterset = None
        if self.filterset_class:
            filterset = self.filterset_class(
                request.query_params, queryset=self.filtered_from(), **self.filter_options()
            )
            if wrong := wrong_filters(filterset):
                raise WrongQuery(*wrong)
        part = self.part(filterset, request.query_params.get("cursor", ""))
        following = None
        if part.cursor:
            query = request.query_params.copy()
            query["cursor"] = part.cursor
            following = address(f"{request.path}?{query.urlencode()}")
        found = self.finish(part.rows)
        self.note(found)
        body = {
            "meta": self.meta(described_filters(filterset)),
            "next": following,
            "results": self.serialized(found, many=True),
        }
        return self.answer(body, following)

    def filtered_from(self) -> Any:
        """The queryset that the filter is of."""
        return self.rows()

    def part(self, filterset: Any, cursor: str) -> Part[Any]:
        """The rows of this answer."""
        rows = self.rows() if filterset is None else filterset.qs
        return part_of(rows, self.key, cursor, asked_limit(self.request.query_params))


class Detail(Answer):
    """One thing."""

    def found(self, **kwargs: Any) -> Any:
        """The thing, with what its serializer reads. Raises Http404."""
        raise NotImplementedError

    def get(self, _request: Request, **kwargs: Any) -> Response:
        """The thing."""
        found = self.found(**kwargs)
        self.note([found])
        return self.answer({"meta": self.meta(), "result": self.serialized(found, many=False)})


def _is_of(column: str, field: str) -> bool:
    return column == field or column.startswith(f"{field}.")


def _columns(row: serializers.Serializer, figures: Iterable[str], name: str = "") -> Iterator[str]:
    for key, field in row.fields.items():
        dotted = f"{name}.{key}" if name else key
        if isinstance(field, serializers.Serializer):
            yield from _columns(field, figures, dotted)
        elif isinstance(field, serializers.DictField):
            inner = field.child
            for figure in figures if isinstance(inner, serializers.Serializer) else _STATES:
                if isinstance(inner, serializers.Serializer):
                    yield from _columns(inner, (), f"{dotted}.{figure}")
                else:
                    yield f"{dotted}.{figure}"
        else:
            yield dotted


_STATES = ("interim", "reported", "certified")
