"""Filters for figures and dates, and tags of the frame, built in to every template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.kit import formatting
from portal.kit.currency import in_base
from portal.kit.tables.terms import interim_mark, meanings_html, term_html, terms_in
from portal.kit.web import careful, once
from portal.kit.web.fields import field_html

register = template.Library()

# None gives "n/a"; see each function for an example.
register.filter("money", formatting.money)
register.filter("cents", formatting.cents)
register.filter("percent", formatting.percent)
register.filter("day", formatting.day)


@register.filter(name="in_base")
def in_base_currency(text: object) -> Any:
    """A text that names the base currency.

    Templates look for its translation with each % doubled, and find none: here it is found.
    """
    plain = str(text)
    return in_base(_(plain.replace("%%(", "%(")) if "%%(" in plain else plain)


@register.simple_block_tag
def title(content: SafeString) -> SafeString:
    """A <title> in one line; its blocks are laid out over several."""
    line = mark_safe(" ".join(content.split()))  # noqa: S308 -- rendered, so escaped already
    return format_html("<title>{}</title>", line)


@register.simple_block_tag(takes_context=True)
def fold(
    context: Context,
    content: SafeString,
    title: Any,
    anchor: str,
    hint: Any = "",
    is_open: Any = "",
) -> str:
    """A section that a page opens only for those who want it, and paper has whole.

    The link to it leads inside, so that browsers open it.
    """
    if is_paper(context):
        whole = '<section id="{}"><h2>{}</h2>{}</section>'
        return format_html(whole, anchor, title, content)
    return format_html(
        '<details class="fold"{}><summary><h2>{}</h2>{}</summary>'
        '<section id="{}">{}</section></details>',
        mark_safe(" open") if is_open else "",
        title,
        format_html("<small>{}</small>", hint) if hint else "",
        anchor,
        content,
    )


def is_paper(context: Context) -> bool:
    """Whether the page is drawn for paper: as a PDF, or in the view to be printed."""
    return bool(context.get("print_view") or context.get("pdf"))


@register.filter
def dotted(parts: Iterable[object]) -> str:
    """Parts side by side, each in its own direction, so that none reorders the others."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts))


@register.simple_tag
def link(text: Any, url: str = "") -> str:
    """The text as a link; alone where there is no address."""
    return format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)


@register.simple_tag(takes_context=True)
def term(context: Context, text: Any, anchor: str = "") -> str:
    """The text as a word that opens its meaning; alone where the glossary has none."""
    on_paper = is_paper(context)
    return mark_safe(term_html(text, anchor, on_paper=on_paper))  # noqa: S308 -- escaped there


@register.simple_block_tag(takes_context=True)
def explained(context: Context, content: SafeString) -> SafeString:
    """The content, and after it what each word of the glossary means that it names."""
    terms = context["terms_of"](terms_in(content)) if "terms_of" in context else ()
    return content + meanings_html(terms)


register.simple_tag(field_html, name="form_field")


# Marks stand close to what they mark: as included templates they would begin with a space.


@register.simple_tag(name="interim_mark")
def interim_mark_if(*, shown: bool) -> str:
    """The mark of an interim figure, where it is one."""
    return interim_mark() if shown else ""


@register.simple_tag
def footnote_mark(footnote: dict[str, Any] | None) -> str:
    """The mark that leads to a footnote, if there is one."""
    if not footnote:
        return ""
    return format_html(
        '<sup><a class="fn" href="#fn-{}" aria-label="{}">{}</a></sup>',
        footnote["id"],
        _("footnote"),
        footnote["mark"],
    )


@register.simple_tag
def attributes(**values: object) -> str:
    """Attributes of an element, each after a space, with hyphens for underscores.

    True stands alone; what is empty is left out.
    """
    return format_html_join(
        "",
        "{}{}",
        (
            (" " + name.replace("_", "-"), "" if value is True else format_html('="{}"', value))
            for name, value in values.items()
            if value is not False and value not in (None, "")
        ),
    )


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> str:
    """What every form bears: that it is ours, its own number, and what it showed."""
    html = CsrfTokenNode().render(context)
    if not html:
        return ""
    hidden = [(once.FIELD, once.number())]
    page = context.get("adminform")
    form = page.form if page is not None else context.get("form")
    if digest := getattr(form, "digest", ""):
        hidden.append((careful.FIELD, digest))
    fields = format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)
    return format_html("{}{}", mark_safe(html), fields)  # noqa: S308 – Django wrote it
