"""Whatever a program asks /api/v1/ for, it is answered as the schema says (schemathesis).

All checks of schemathesis: no fault of ours, only statuses, types and bodies that the schema has;
what it allows is accepted, what it forbids is refused, unknown methods too.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django_filters import ModelChoiceFilter
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from portal.api.resources import DETAILS, LISTS
from portal.kit.filters import CodesFilter
from tests.portal.api.test_lists import portfolio
from tests.portal.withholding.world import World

VIEWS = {f"/api/v1/{name}/": view for name, view in (*LISTS.items(), *DETAILS.items())}
# They cost milliseconds each; a run by hand takes hundreds.
EXAMPLES = 15
_DAY = "2024-06-01"
# The key of the last row of each list.
_existing: dict[str, str] = {}


@pytest.fixture(scope="module")
def schema(module_db: Any) -> Iterator[Any]:
    """The schema over WSGI, beside some records. The connection is the test's: no request may
    close it."""
    World()
    portfolio()
    for name in LISTS:
        row = next(reversed(Client().get(f"/api/v1/{name}/").json()["results"]), {})
        _existing[name] = str(
            next((row[key] for key in ("number", "code", "id") if key in row), "")
        )
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema", WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _answerable(case: Any, view: Any) -> None:
    """Take out what no schema can say, for it depends on the data: which days are over, cursors
    and codes that exist, ends that lie behind their beginnings; and ask for what is there."""
    own = view.filterset_class.base_filters if view.filterset_class else {}
    for name in list(case.query):
        is_of_data = isinstance(own.get(name), ModelChoiceFilter | CodesFilter)
        if name in ("cursor", "last") or name.endswith("_max") or is_of_data:
            del case.query[name]
        elif name in ("as_of", "until"):
            case.query[name] = _DAY
    for name in case.path_parameters:
        case.path_parameters[name] = _existing[case.path.split("/")[3]]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", VIEWS)
def test_every_answer_is_as_the_schema_says(schema: Any, path: str, mode: GenerationMode) -> None:
    at = path.replace("<path:", "{").replace("<str:", "{").replace("<int:pk", "{id")
    operation = schema[at.replace(">", "}")]["GET"]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            _answerable(case, VIEWS[path])
        # The client of WSGI does not unpack.
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    ask()
