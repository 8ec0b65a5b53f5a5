"""Templates are laid out as people do; `make lint` checks the rest."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from portal.about import glossary
from projects.models import Office

TEMPLATES = Path(settings.BASE_DIR, "templates")
WIDEST = 140
# A sentence to be translated stands in one line, for makemessages and for whoever looks for it.
SENTENCE = re.compile(r'\s*({% translate "[^"]*" %}|{{ _\("[^"]*"\)(\|\w+)* }})')


def test_no_line_holds_more_than_one_reads_at_once():
    long = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDEST and not SENTENCE.fullmatch(line)
    ]
    assert not long


@pytest.mark.parametrize(
    "name", ["base.html", "kit/list.html", "staff/base.html", "gateway/base.html"]
)
def test_a_frame_says_at_its_top_which_blocks_it_has(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    told = re.search(r"{% comment %}(.*?){% endcomment %}", text, re.S)
    assert told and len(text[: told.start()].splitlines()) <= 1
    for block in re.findall(r"{% block (\w+) %}", text):
        assert re.search(rf"\b{block}\b", told[1]), block


def shown(code: str, **context: object) -> str:
    """What the template code gives."""
    return Template(code).render(Context(context))


def test_a_title_stands_in_one_line():
    text = "{% title %}\n  {% if on %}\n    {{ name }}\n  {% endif %}\n  – Office\n{% endtitle %}"
    assert shown(text, on=True, name="A & <B>") == "<title>A &amp; &lt;B&gt; – Office</title>"


def test_attributes_that_are_empty_are_left_out():
    text = "<a{% attributes id=name value=zero data_copy=yes title=none download=no %}>"
    given = {"name": 'a"b', "zero": 0, "yes": True, "none": None, "no": False}
    assert shown(text, **given) == '<a id="a&quot;b" value="0" data-copy>'


def test_a_text_is_a_link_where_there_is_an_address():
    assert shown("{% link text url %}", text="<1>", url="/a/?b&c") == (
        '<a href="/a/?b&amp;c">&lt;1&gt;</a>'
    )
    assert shown("{% link text url %}{% term text %}", text="<1>", url=None) == "&lt;1&gt;&lt;1&gt;"


def terms_of(anchors):
    """Terms of an office that has set nothing, as each page is given them."""
    return glossary.terms_of(Office(), anchors)


def test_what_a_word_means_stands_once_after_all_that_names_it():
    words = "{% term 'Rate' 'delivery-rate' %}{% term 'It' 'delivery-rate' %}"
    html = shown("{% explained %}" + words + "{% endexplained %}", terms_of=terms_of)
    assert html.count(' type="button" popovertarget="term-delivery-rate">') == 2
    assert html.count('id="term-delivery-rate"') == 1
    rate = next(term for term in glossary.entries(Office()) if term.anchor == "delivery-rate")
    assert html.index(rate.definition) > html.index(">It</button>")
    assert 'href="/glossary/#delivery-rate"' in html


def test_on_paper_nothing_opens_and_a_word_leads_to_the_glossary():
    text = "{% explained %}{% term 'Rate' 'delivery-rate' %}{% endexplained %}"
    link = '<a class="term" href="/glossary/#delivery-rate">Rate</a>'
    for paper in ({"print_view": True}, {"pdf": True}):
        assert shown(text, terms_of=terms_of, **paper) == link
    assert shown("{% explained %}no word{% endexplained %}", terms_of=terms_of) == "no word"


def test_marks_stand_close_to_what_they_mark():
    text = "{{ n }}{% interim_mark shown=on %}{% footnote_mark none %}"
    assert shown(text, n="1", on=False, none=None) == "1"
    note = {"id": "total", "mark": "1"}
    assert shown(text, n="1", on=True, none=note) == (
        '1<a class="mark" href="/glossary/#interim" aria-label="interim figure">i</a>'
        '<sup><a class="fn" href="#fn-total" aria-label="footnote">1</a></sup>'
    )


def test_a_sentence_that_names_the_base_currency_has_its_name():
    text = '{{ _("All amounts in %(currency)s")|in_base }}, {{ "%(currency)s"|in_base }}'
    assert shown(text) == "All amounts in US$, US$"


class Seen:
    """Counts how often it is drawn."""

    times = 0

    def __str__(self) -> str:
        self.times += 1
        return "drawn"


def test_a_piece_is_drawn_once_for_the_same_values_and_language():
    piece = Template("{% load kept %}{% kept seen number %}{{ seen }} {{ number }}{% endkept %}")
    seen = Seen()
    drawn = [piece.render(Context({"seen": seen, "number": number})) for number in (1, 1, 2, 1)]
    assert drawn == ["drawn 1", "drawn 1", "drawn 2", "drawn 1"]
    assert seen.times == 2
    with translation.override("fr"):
        piece.render(Context({"seen": seen, "number": 1}))
    assert seen.times == 3


def test_a_piece_that_is_kept_sees_nothing_that_it_does_not_name():
    piece = Template("{% load kept %}{% kept office %}{{ office }}{{ user }}{% endkept %}")
    assert piece.render(Context({"office": "<b>", "user": "Ada"})) == "&lt;b&gt;"


@pytest.mark.parametrize(
    "code",
    ["{% kept office.name %}{% endkept %}", "{% kept %}{% block a %}{% endblock %}{% endkept %}"],
)
def test_what_would_differ_from_page_to_page_cannot_be_kept(code):
    with pytest.raises(TemplateSyntaxError, match="kept"):
        Template("{% load kept %}" + code)
