"""Pieces of the frame that are the same on page after page, drawn once by each process."""

from typing import Any

from django import template
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# An office is changed seldom: more than a few of its looks, times languages, are old ones.
_MOST = 64


class KeptNode(Node):
    """What it holds sees nothing of the page but the values named, and is kept by them all; so it
    cannot hold anything of a visitor, nor stay when what it shows has changed."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, named: dict[str, FilterExpression]) -> None:
        self.nodelist, self.named = nodelist, named
        self._kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The piece, in the language of the page, whose addresses lead on within it."""
        values = {name: given.resolve(context) for name, given in self.named.items()}
        key = (get_language(), get_script_prefix(), *values.values())
        if (html := self._kept.get(key)) is None:
            drawn = self.nodelist.render(context.new(values))
            # The tags stand in lines of their own.
            html = mark_safe(drawn.removeprefix("\n").removesuffix("\n"))  # noqa: S308 – drawn
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = html
        return html


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept office print_view %}…{% endkept %}`: drawn once for the same values of these names,
    which have to be few and the same for everybody, and can be compared."""
    _tag, *names = token.split_contents()
    if wrong := [name for name in names if not name.isidentifier()]:
        raise TemplateSyntaxError(f"{{% kept %}} takes names of values, not {wrong[0]}.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("What {% kept %} holds is the same on each page: no blocks.")
    return KeptNode(nodelist, {name: parser.compile_filter(name) for name in names})
