"""Each page's twin: the same as Markdown, at the address of the page with `.md` in the place of its
last slash, or at the page's own for whoever prefers Markdown to HTML.

Of a page with a table, the twin is the format `md` of that table; other pages have views of their
own, whose names end in `-md` (`portal/api/twins`).
"""

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

TYPE = "text/markdown"
# The address that has the twins of all pages with a table.
OF_TABLES = "page-md"
_HOME = "/index.md"


def twin_of(path: str) -> str | None:
    """The address of a page's twin; None where it has none."""
    if not path.endswith("/"):
        return None
    twin = f"{path[:-1]}.md" if path != "/" else _HOME
    match, page = _found(twin), _found(path)
    if match is None or page is None:
        return None
    # A project's number may hold slashes: its twin answers below its page, too.
    return twin if match.url_name == f"{page.url_name}-md" or table_page(path) else None


def table_page(path: str) -> ResolverMatch | None:
    """The page with a table at this address."""
    match = _found(path)
    shows = getattr(match.func, "view_class", None) if match else None
    return match if getattr(shows, "has_twin", False) else None


def prefers_twin(request: HttpRequest) -> bool:
    """Whether who asks names Markdown and would rather have it than HTML: by a higher q, or at the
    same q for HTML is named after it or only meant, as in `*/*, text/markdown`."""
    accepted = request.accepted_type(TYPE)
    if accepted is None or str(accepted).partition(";")[0] != TYPE:
        return False
    return request.get_preferred_type([TYPE, "text/html"]) == TYPE


def _found(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
