"""Words of the catalogue of figures for templates."""

from django import template

from finance.figures.catalogue import STATES

register = template.Library()


@register.filter
def state_meaning(state: str) -> str:
    """What a state of expenditure means, in the words of the glossary."""
    return str(STATES[state].definition)
