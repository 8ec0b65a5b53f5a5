"""What people read of the repository, comments and docstrings too, and the words of its code."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# What sources send is no text of ours.
DATA = CHECKOUT / "tests" / "data"
FOLDERS = (
    ".ci", "deploy", "docs", "documents", "finance", "portal", "projects", "static", "templates",
    "tests",
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMENTS = {
    ".sql": re.compile(r"--.*"),
    ".html": re.compile(r"{#.*?#}|{% comment.*?{% endcomment %}", re.S),
    ".css": re.compile(r"/\*.*?\*/", re.S),
    ".js": re.compile(r"/\*[\s\S]*?\*/|(?m:^\s*)//.*"),
    ".toml": re.compile(r"(?<![\w\"])#.*"),
    "": re.compile(r"(?m)^#.*"),
}


@dataclass(frozen=True)
class Text:
    """A document, a comment or a docstring, and where it begins."""

    path: str
    line: int
    words: str


@cache
def files() -> frozenset[str]:
    """Every file of the repository, by its path from the top."""
    found = [path for path in CHECKOUT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [
            path
            for path in (CHECKOUT / folder).rglob("*")
            if path.is_file() and DATA not in path.parents
        ]
    paths = (path.relative_to(CHECKOUT) for path in found)
    return frozenset(str(path) for path in paths if "__pycache__" not in path.parts)


@cache
def endings() -> frozenset[str]:
    """The paths of all files without one or more of the folders they begin with."""
    parts = (path.split("/") for path in files())
    return frozenset("/".join(p[first:]) for p in parts for first in range(1, len(p)))


@cache
def folders() -> frozenset[str]:
    """Every folder that holds a file."""
    parents = {str(parent) for path in files() for parent in Path(path).parents}
    return frozenset(parents - {"."})


def read(path: str) -> str:
    """The text of a file of the repository."""
    return (CHECKOUT / path).read_text(encoding="utf-8")


def documents() -> list[str]:
    """The documents: those at the top and all below docs/."""
    return sorted(path for path in files() if path.endswith(".md"))


@cache
def texts() -> tuple[Text, ...]:
    """All that is written about the code."""
    found = [Text(path, 1, read(path)) for path in documents()]
    for path in sorted(files()):
        if "/migrations/" in path:
            continue
        suffix = Path(path).suffix
        if suffix == ".py":
            found.extend(_python(path).texts)
        elif suffix in _COMMENTS and path != "LICENSE":
            found.extend(_comments(path, _COMMENTS[suffix]))
    return tuple(found)


@dataclass
class Python:
    """What one reading of a module gives: texts about the code, its words, and its classes."""

    texts: list[Text]
    words: set[str]
    # Each with its bases and its own attributes.
    classes: list[tuple[str, set[str], set[str]]]


@cache
def _python(path: str) -> Python:
    source = read(path)
    nodes = list(ast.walk(ast.parse(source)))
    found = Python([], set(), [])
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found.texts.append(Text(path, token.start[0], token.string))
        elif token.type == tokenize.NAME:
            found.words.add(token.string)
    documented = list(_documented(nodes))
    found.texts += [Text(path, node.lineno, str(node.value)) for node in documented]
    prose = {id(node) for node in documented}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            found.words.update(_WORD.findall(node.value))
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
            found.classes.append((node.name, bases, set(_attributes(node))))
    return found


def _documented(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    """The docstrings among the nodes of a module."""
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _comments(path: str, pattern: re.Pattern[str]) -> Iterator[Text]:
    source = read(path)
    for match in pattern.finditer(source):
        yield Text(path, source.count("\n", 0, match.start()) + 1, match.group())


# --- The code itself


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the code, comments and docstrings left out."""
    words: set[str] = set()
    for path in files():
        suffix = Path(path).suffix
        if suffix == ".py":
            words |= _python(path).words
        elif suffix in _COMMENTS or suffix in {".csv", ".json"}:
            text = read(path)
            if suffix in _COMMENTS:
                text = _COMMENTS[suffix].sub("", text)
            words.update(_WORD.findall(text))
    return frozenset(words)


@cache
def classes() -> dict[str, tuple[set[str], set[str]]]:
    """Names of classes with their bases and their own attributes."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in files():
        if path.endswith(".py") and "/migrations/" not in path:
            for name, bases, names in _python(path).classes:
                all_bases, all_names = found.setdefault(name, (set(), set()))
                all_bases |= bases
                all_names |= names
    return found


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef):
            yield inner.name
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner.attr


def has_attribute(name: str, attribute: str) -> bool:
    """Whether a class of ours has it, by itself or from one above; unknown classes may."""
    if name not in classes():
        return True
    bases, names = classes()[name]
    return attribute in names or any(has_attribute(base, attribute) for base in bases)
