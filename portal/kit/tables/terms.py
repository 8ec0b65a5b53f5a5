"""Words that the glossary explains, as pages draw them: each opens what it means where it stands.

What they mean stands once on each page, after all that names them (`explained` in the tags of the
frame). On paper nothing opens: there a word is a link to the glossary.
"""

import re
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from portal.kit.tables.cells import escaped

_OPENS = re.compile(r' popovertarget="term-([^"]+)"')


def glossary() -> str:
    """The address of the glossary; a page leads there a hundred times."""
    return _glossary(get_script_prefix(), get_urlconf())


@lru_cache
def _glossary(_prefix: str, _urlconf: Any) -> str:
    return reverse("glossary")


def term_html(text: Any, anchor: str, *, on_paper: bool = False) -> str:
    """The text as a word of the glossary; alone where that has none."""
    if not anchor:
        return escaped(text)
    if on_paper:
        return f'<a class="term" href="{glossary()}#{escaped(anchor)}">{escaped(text)}</a>'
    opens = f'popovertarget="term-{escaped(anchor)}"'
    return f'<button class="term" type="button" {opens}>{escaped(text)}</button>'


def terms_in(html: str) -> list[str]:
    """The anchors of the words that the page explains, each once, in the order of the page."""
    return list(dict.fromkeys(_OPENS.findall(html)))


def interim_mark() -> SafeString:
    """The mark of an interim figure, which leads to what it means."""
    return _interim_mark(get_language(), glossary())


@lru_cache
def _interim_mark(_language: str | None, address: str) -> SafeString:
    """In the active language; made once, for a table may hold thousands."""
    label = gettext("interim figure")
    url = f"{address}#interim"
    return format_html('<a class="mark" href="{}" aria-label="{}">i</a>', url, label)
