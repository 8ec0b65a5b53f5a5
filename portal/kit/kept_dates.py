"""Keeping the dates of an address: every link and form of a page about the past leads on to it.

Done to the finished page, so that no template, table or panel can forget it. A link or form
marked `data-as-is` stays as it is, as does one that names a date itself. Text without marks, as
Markdown, has its addresses from `dated`.
"""

import re

from django.utils.html import escape

from portal.kit.dates import NAMES, Dates

_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)("[^>]*>)')
_FORM = re.compile(r"(<form\b[^>]*>)(.*?)(?=</form>)", re.DOTALL)
# Pages and files of ours that know nothing of dates: documents, feeds, what ends like a file.
_OUTSIDE = re.compile(
    r"//|(?:/[a-z]{2}(?=/))?(?:/(?:static|admin|media)/|/document/\d+/(?:v\d+/)?(?:[?#]|$)"
    r"|/seals/checkpoint|[^?#]*(?:/feed/|/[^/?#]+\.(?!md\b)\w+)(?:[?#]|$))"
)


def keep_dates(html: str, dates: Dates, *, is_of_then: bool = True) -> str:
    """The page with the dates in each address of ours that it links to or sends a form to.

    What is not of then itself, links to its own files without them.
    """
    query = dates.query()
    if not query:
        return html
    html = _LINK.sub(lambda match: _link(match, query, is_of_then=is_of_then), html)
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{day.isoformat()}">'
        for name in NAMES
        if (day := getattr(dates, name))
    )
    return _FORM.sub(lambda match: _form(match, hidden), html)


def _link(match: re.Match[str], query: str, *, is_of_then: bool) -> str:
    start, url, end = match.groups()
    is_own_file = not is_of_then and "format=" in url
    if "data-as-is" in match.group() or is_own_file:
        return match.group()
    return f"{start}{dated(url, escape(query), '&amp;')}{end}"


def dated(url: str, query: str, joint: str = "&") -> str:
    """The address with the dates of a query, which `joint` parts from its own; as it is where it
    is none of ours, knows nothing of dates or names one itself.
    """
    if not query or not _is_ours(url) or _names_a_date(url):
        return url
    address, hash_sign, anchor = url.partition("#")
    if "?" not in address:
        joint = "?"
    elif address.endswith("?"):
        joint = ""
    return f"{address}{joint}{query}{hash_sign}{anchor}"


def _is_ours(url: str) -> bool:
    return url[:1] in {"/", "?"} and not _OUTSIDE.match(url)


def _names_a_date(url: str) -> bool:
    return any(f"{name}=" in url for name in NAMES)


def _form(match: re.Match[str], hidden: str) -> str:
    tag, inside = match.groups()
    is_post = re.search(r'method="post"', tag, re.IGNORECASE)
    if is_post or "data-as-is" in tag or any(f'name="{name}"' in inside for name in NAMES):
        return match.group()
    return f"{tag}{hidden}{inside}"
