"""Words that the glossary explains, as pages draw them: each opens what it means where it stands.

What they mean stands once on each page, after all that names them (`explained` in the tags of the
frame). On paper nothing opens: there a word is a link to the glossary.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
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


def meanings_html(terms: Iterable[Any]) -> SafeString:
    """What these words of the glossary mean. Each opens beside the word that names it, by the
    browser alone; its button, being that of what is open, closes."""
    url, in_glossary, close = (
        glossary(),
        escaped(gettext("In the glossary")),
        escaped(gettext("Close")),
    )
    meanings = []
    for term in terms:
        anchor = escaped(term.anchor)
        formula = f"<p>= {escaped(term.formula)}</p>\n" if term.formula else ""
        meanings.append(
            f'<div class="term-note" id="term-{anchor}" popover>\n'
            f"<p><b>{escaped(term.name)}</b> {escaped(term.definition)}</p>\n{formula}"
            f'<p>\n<a href="{url}#{anchor}">{in_glossary}</a>\n'
            f'<button popovertarget="term-{anchor}">{close}</button>\n</p>\n</div>\n'
        )
    return mark_safe("".join(meanings))  # noqa: S308 – escaped piece by piece


def interim_mark() -> SafeString:
    """The mark of an interim figure, which leads to what it means."""
    return _interim_mark(get_language(), glossary())


@lru_cache
def _interim_mark(_language: str | None, address: str) -> SafeString:
    """In the active language; made once, for a table may hold thousands."""
    label = gettext("interim figure")
    url = f"{address}#interim"
    return format_html('<a class="mark" href="{}" aria-label="{}">i</a>', url, label)
