"""What a refusal says, as RFC 9457 has it; knows no library of interfaces, as each request may
ask."""

from typing import Any

PROBLEM = "application/problem+json"


def problem(status: int, title: str, details: list[str]) -> dict[str, Any]:
    """An error as a machine reads it, with the words for the person behind it."""
    return {"type": "about:blank", "status": status, "title": title, "errors": details}
