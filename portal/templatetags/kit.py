"""Filters for figures and dates, built in to every template."""

from django import template

register = template.Library()
