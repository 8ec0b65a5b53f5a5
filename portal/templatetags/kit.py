"""Filters for figures and dates, built in to every template."""

from django import template

from portal.kit import formatting
from portal.kit.currency import in_base

register = template.Library()

# None gives "n/a"; see each function for an example.
register.filter("money", formatting.money)
register.filter("cents", formatting.cents)
register.filter("percent", formatting.percent)
register.filter("day", formatting.day)
register.filter("in_base", in_base)
