"""Whatever a document, a comment or a docstring names is there."""

import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from portal.kit.language.catalogues import NAMES
from tests.docs import texts
from tests.docs.texts import Text

_TICKED = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^```.*?^```", re.S | re.M)
_ENDINGS = "py|md|sql|html|css|js|toml|lock|env"
_FILE = re.compile(rf"[\w./*-]*\w\.(?:{_ENDINGS})\b(?!\()")
_ADDRESS = re.compile(r"(?<![\w<.:*/`)-])/\w[\w./-]*/(?![\w<])|(?<=`)/\w[\w./-]*/(?=`)")
_COMMAND = re.compile(r"(?:^|`|python )manage\.py ([a-z]\w*)((?: +(?!#)[^\s`]+)*)", re.M)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_WORD = re.compile(r"[A-Za-z_]\w*")
_HEADER = re.compile(r"\b[A-Z]\w*(?:-[A-Z]\w*)+")
PACKAGES = ("documents", "finance", "portal", "projects", "tests")
# What the portal writes or a machine has: no files of the repository.
ELSEWHERE = ("var/", "/var/", "/usr/", "/srv/", "/etc/", "/dev/", "/tmp/", "/run/")  # noqa: S108
NOT_OURS = {
    # An address of the web server's own, an example in the settings.
    "/protected/",
    # Words of other programs.
    "CREATEROLE", "cjk", "proxy_request_buffering", "virtual",
    # Files of an installation, and a timer of it.
    "Containerfile", "portal.env", "web.env", "weekly",
    # The name of a log.
    "portal.security",
}  # fmt: skip


def test_files_that_are_named_exist():
    _none(lambda text: (name for name in _FILE.findall(text.words) if not _is_file(name, text)))


def _is_file(name: str, text: Text) -> bool:
    if name.startswith(ELSEWHERE) or name in NOT_OURS:
        return True
    name = name.removeprefix("../").removeprefix("./")
    beside = str(PurePosixPath(text.path).parent / name)
    known = texts.files()
    if name in known or beside in known:
        return True
    if "*" in name:
        return any(PurePosixPath(path).match(name) for path in known)
    return name in texts.endings()


def test_folders_in_pictures_exist():
    pictures = re.compile(r"^```mermaid\n(.*?)^```", re.S | re.M)
    folder = re.compile(rf"\b(?:{'|'.join(PACKAGES)})/[\w/]+")
    known = texts.folders()
    drawn = [f for d in texts.documents() for p in pictures.findall(texts.read(d))
             for f in folder.findall(p)]  # fmt: skip
    assert drawn
    assert not set(drawn) - known


def test_addresses_that_are_named_lead_somewhere():
    _none(lambda text: (a for a in _ADDRESS.findall(_running(text)) if not _leads_somewhere(a)))


def _running(text: Text) -> str:
    """The text without blocks of configuration and commands, and without links."""
    return _LINK.sub("", _FENCED.sub("", text.words))


def _leads_somewhere(address: str) -> bool:
    if address.startswith(ELSEWHERE) or address in NOT_OURS or address == "/":
        return True
    # The same pages stand below each language.
    address = re.sub(rf"^/({'|'.join(NAMES)})(?=/)", "", address)
    # A part in capitals stands for a number or a code.
    address = re.sub(r"(?<=/)[A-Z]+(?=/)", "1", address)
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def test_commands_that_are_named_exist_with_their_options():
    _none(_missing_commands)


def _missing_commands(text: Text) -> Iterator[str]:
    for name, rest in _COMMAND.findall(text.words):
        if name not in get_commands():
            yield f"manage.py {name}"
            continue
        options = re.findall(r"--[a-z][\w-]*", rest)
        yield from (f"manage.py {name} {o}" for o in options if o not in _options(name))


@cache
def _options(name: str) -> frozenset[str]:
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    parser = command.create_parser("manage.py", name)
    return frozenset(option for action in parser._actions for option in action.option_strings)


def test_make_has_what_is_named_of_it():
    targets = set(re.findall(r"^([a-z-]+):", texts.read("Makefile"), re.M))
    named = re.compile(r"(?:`|^)make ([a-z][a-z-]*)", re.M)
    _none(lambda text: (n for n in named.findall(text.words) if n not in targets))


def test_names_in_backticks_are_names_of_the_code():
    _none(_missing_names)


def _missing_names(text: Text) -> Iterator[str]:
    for code in _TICKED.findall(_FENCED.sub("", text.words)):
        if "/" in code and _is_path(code, text):
            continue
        rest = _HEADER.sub("", _FILE.sub("", re.sub(r"[\w+-]+://\S*", "", code)))
        for dotted in _DOTTED.findall(rest):
            if not _resolves(dotted):
                yield code
        # What a command line, a header or an address holds is not ours to know.
        if re.fullmatch(r"[\w.()=?:, -]+", rest) and not _is_line(code):
            known = texts.vocabulary() | NOT_OURS
            yield from (code for word in _WORD.findall(rest) if word not in known)


def _is_path(code: str, text: Text) -> bool:
    """Whether it is a folder or a file of ours, or is looked at as an address."""
    name = code.rstrip("/")
    if code.startswith(ELSEWHERE) or code.startswith("/") or _is_file(name, text):
        return True
    return any(folder == name or folder.endswith(f"/{name}") for folder in texts.folders())


def _is_line(code: str) -> bool:
    """Whether it is what one types at a prompt, or an example in another language."""
    return code.split()[0] in {
        "make", "manage.py", "python", "kill", "apt-get", "gunicorn", "sudo", "journalctl",
    }  # fmt: skip


def _resolves(dotted: str) -> bool:
    first, second, *_rest = dotted.split(".")
    if first in PACKAGES:
        return _is_importable(dotted)
    if first[0].isupper() and first != first.upper():
        return texts.has_attribute(first, second)
    return True


def _is_importable(dotted: str) -> bool:
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


# --- Links


@pytest.mark.parametrize("document", texts.documents())
def test_links_between_documents_lead_to_a_file_and_a_heading(document):
    missing = []
    for link in _LINK.findall(_FENCED.sub("", texts.read(document))):
        if re.match(r"\w+:", link):
            continue
        path, _hash, anchor = link.partition("#")
        target = (texts.CHECKOUT / document).parent / path if path else texts.CHECKOUT / document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            missing.append(link)
    assert not missing


def test_sections_that_comments_name_exist():
    """Such as docs/domain.md#calendar."""
    named = re.compile(r"([\w./-]+\.md)#([\w-]+)")
    _none(
        lambda text: (f"{p}#{a}" for p, a in named.findall(text.words) if not _section(text, p, a))
    )


def _section(text: Text, path: str, anchor: str) -> bool:
    beside = (texts.CHECKOUT / text.path).parent / path
    target = beside if beside.exists() else texts.CHECKOUT / path
    return target.exists() and anchor in _anchors(target)


@cache
def _anchors(document: Path) -> frozenset[str]:
    """The headings of a document as addresses, the way forges write them."""
    prose = _FENCED.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.+?) *$", prose, re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return frozenset(heading.replace(" ", "-") for heading in plain)


def test_every_document_can_be_reached_from_the_readme():
    reached, ahead = set(), ["README.md"]
    while ahead:
        document = ahead.pop()
        if document in reached or not document.endswith(".md"):
            continue
        reached.add(document)
        for link in _LINK.findall(texts.read(document)):
            path = link.partition("#")[0]
            if path and ":" not in path:
                target = ((texts.CHECKOUT / document).parent / path).resolve()
                ahead.append(str(target.relative_to(texts.CHECKOUT)))
    assert not set(texts.documents()) - reached


def _none(missing: Callable[[Text], Iterator[str]]) -> None:
    """Nothing is missing of what any text names; otherwise where it is named."""
    found = [f"{text.path}:{text.line}: {name}" for text in texts.texts() for name in missing(text)]
    assert not found, "\n".join(found)
