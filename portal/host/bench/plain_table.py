"""A list of projects as a plain template of Django's draws it: the floor of our table.

The same cells, each with its link and form; no headings, no cards, one language.
"""

from typing import Any

from django.template import Context, Engine

_NAMES = """<td class="names">{% for one in MANY %}
<a href="{{ one.NAME.get_absolute_url }}">{{ one.NAME }}</a>{% if not forloop.last %}; {% endif %}
{% empty %}<span class="unknown">n/a</span>{% endfor %}</td>
"""
_FIGURE = """<td class="n"><a href="{{ page }}records/?figure=NAME">{{ project.NAME|FORM }}</a></td>
"""
_SPENT = """<td class="n"><a href="{{ page }}records/?figure=NAME">{{ project.NAME|FORM }}</a>
{% if project.expenditure_interim %}<a class="mark" href="{% url "glossary" %}#interim">i</a>
<small>interim: {{ project.expenditure_interim|floatformat:"0g" }}</small>{% endif %}</td>
"""


def _with(cell: str, **words: str) -> str:
    for word, meant in words.items():
        cell = cell.replace(word, meant)
    return cell


_WHOLE = 'floatformat:"0g"'
_TEMPLATE = Engine().from_string(
    """<table>{% for project in projects %}{% with page=project.get_absolute_url %}<tr>
<th scope="row"><a href="{{ page }}">{{ project.number }}</a></th>
<td class="name"><a href="{{ page }}">{{ project.title_then }}</a></td>
<td class="names"><a href="{{ project.fund.get_absolute_url }}">{{ project.fund }}</a></td>
"""
    + _with(_NAMES, MANY="project.participating", NAME="organization")
    + _with(_NAMES, MANY="project.places", NAME="country")
    + '<td><span class="status">{{ project.get_status_display }}</span></td>'
    + _with(_FIGURE, NAME="approved", FORM=_WHOLE)
    + _with(_FIGURE, NAME="net_funded", FORM=_WHOLE)
    + _with(_SPENT, NAME="expenditure", FORM=_WHOLE)
    + _with(_SPENT, NAME="delivery_rate", FORM='floatformat:"1g"')
    + "</tr>{% endwith %}{% endfor %}</table>"
)


def drawn_plainly(projects: list[Any]) -> str:
    """The rows of these projects, as `listed_projects` gives them."""
    return _TEMPLATE.render(Context({"projects": projects}))
