"""The protocol: each message is one POST, answered with JSON; nothing is kept between them.

The official `mcp` package speaks it, which is written for ASGI; here one message is handed to it in
the thread of its request, so that limits and transactions are those of every other request.
"""

import asyncio
import json
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import jsonschema
import mcp_types as types
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponse
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from portal.api.assistants.asking import Asking, Refused
from portal.api.assistants.tools import TOOLS

_INSTRUCTIONS = (
    "Money of pooled funds: approved, transferred, spent, given. Quote a number only with its "
    "`records` address, the day it is as known on, how much of it is interim, and what it leaves "
    "out. Stages of money are never added to each other. What is not known is null, never zero."
)
_LONGEST = 64_000


def answer(request: HttpRequest) -> HttpResponse:
    """The answer to one message."""
    sent: list[MutableMapping[str, Any]] = []
    async_to_sync(_exchange)(request, request.read(_LONGEST + 1), sent)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    headers["Cache-Control"] = "no-store"
    return HttpResponse(body, status=start["status"], headers=headers)


async def _exchange(
    request: HttpRequest, body: bytes, sent: list[MutableMapping[str, Any]]
) -> None:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if waiting:
            return waiting.pop()
        # Whoever asked is still there: the answer ends the exchange.
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.items()
        ],
        "client": None,
        "server": None,
    }
    manager = StreamableHTTPSessionManager(
        _server(Asking(request)), json_response=True, stateless=True,
        max_request_body_size=_LONGEST,
    )  # fmt: skip
    async with manager.run():
        await manager.handle_request(scope, receive, send)


def _server(ask: Asking) -> Server[Any]:
    async def call(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await sync_to_async(_called)(ask, params.name, params.arguments or {})

    async def listed(_context: Any, _params: Any) -> types.ListToolsResult:
        return _listed()

    return Server(
        "pooled-fund-portal",
        instructions=_INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=call,
    )


@cache
def _listed() -> types.ListToolsResult:
    hints = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
    return types.ListToolsResult(
        tools=[
            types.Tool(
                name=tool.name, description=tool.text, input_schema=tool.schema, annotations=hints
            )
            for tool in TOOLS
        ]
    )


def _whole(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with whole numbers as such: to JSON Schema 10.0 is an integer, too."""
    return {
        name: int(value) if isinstance(value, float) else value for name, value in arguments.items()
    }


def _called(ask: Asking, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    try:
        if tool is None:
            raise Refused(f"There is no tool “{name}”.")
        jsonschema.validate(arguments, tool.schema)
        found = tool.run(ask, **_whole(arguments))
    except (Refused, jsonschema.ValidationError) as error:
        words = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        return types.CallToolResult(content=[types.TextContent(text=words)], is_error=True)
    text = found["text"] if "text" in found else json.dumps(found, ensure_ascii=False, indent=1)
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=found)
