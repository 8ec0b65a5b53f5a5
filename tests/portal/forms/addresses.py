"""Which addresses take a form: found from the patterns, so that none is forgotten."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Name and view of each address, those of namespaces with it."""
    pattern: URLPattern | URLResolver
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}", pattern.callback
        else:
            name = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, prefix + name)


def takes_forms(view: Any) -> bool:
    """Whether a view answers to POST by itself; one that says nothing of methods does."""
    while view is not None:
        of_class = getattr(view, "view_class", None)
        if of_class is not None:
            return hasattr(of_class, "post")
        if hasattr(view, "__code__"):
            methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if methods is not None:
                return "POST" in methods
        view = getattr(view, "__wrapped__", None)
    return True


def names_of_forms() -> set[str]:
    """The names of all addresses that take a form, but for the administration's."""
    return {
        name for name, view in addresses() if not name.startswith("admin:") and takes_forms(view)
    }
