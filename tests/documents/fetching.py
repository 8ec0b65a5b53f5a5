"""Plain HTTP, as anybody's program speaks it."""

from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and bytes; underscores in names of headers are hyphens."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, headers=headers, method=method)) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()
