"""The direction of texts on paper: WeasyPrint knows no `dir="auto"` and no `<bdi>`.

Each such element gets the direction of the first letter in it that has one, as browsers do it.
"""

import re
import unicodedata

_TOKEN = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style)\b.*?</(?P=raw)\s*>"
    r"|<(?P<end>/?)(?P<tag>[a-zA-Z][\w:-]*)(?P<attributes>[^>]*)>|(?P<text>[^<]+)",
    re.DOTALL,
)
_AUTO = re.compile(r'\bdir="auto"')
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_ENTITY = re.compile(r"&[#\w]+;")


def with_directions(html: str) -> str:
    """The page with `dir="rtl"` or `dir="ltr"` wherever that follows from the text."""
    found: dict[int, str] = {}
    opened: list[tuple[str, int | None]] = []
    tokens = list(_TOKEN.finditer(html))
    for number, token in enumerate(tokens):
        if (text := token["text"]) is not None:
            waiting = [at for _tag, at in opened if at is not None and at not in found]
            if waiting and (direction := _direction(text)):
                found.update(dict.fromkeys(waiting, direction))
        elif tag := (token["tag"] or "").lower():
            if token["end"]:
                _close(opened, tag)
            elif tag not in _VOID and not token["attributes"].endswith("/"):
                is_auto = _is_auto(tag, token["attributes"])
                opened.append((tag, number if is_auto else None))
    pieces, end = [], 0
    for number, token in enumerate(tokens):
        if token["tag"] and not token["end"] and _is_auto(token["tag"], token["attributes"]):
            pieces += [html[end : token.start()], _stated(token[0], found.get(number, "ltr"))]
            end = token.end()
    return "".join([*pieces, html[end:]])


def _is_auto(tag: str, attributes: str) -> bool:
    return bool(_AUTO.search(attributes)) or (tag == "bdi" and "dir=" not in attributes)


def _stated(tag: str, direction: str) -> str:
    stated = f'dir="{direction}"'
    return _AUTO.sub(stated, tag) if _AUTO.search(tag) else f"{tag[:-1]} {stated}>"


def _close(opened: list[tuple[str, int | None]], tag: str) -> None:
    """Up to the element that ends; an end without a beginning ends nothing."""
    for at in range(len(opened) - 1, -1, -1):
        if opened[at][0] == tag:
            del opened[at:]
            return


def _direction(text: str) -> str:
    """That of the first letter that has one, or ""."""
    for letter in _ENTITY.sub("", text):
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return ""
