"""Words that run to the left, where they are drawn letter by letter to the right."""

import subprocess
import unicodedata

import pytest
from django.utils import translation

from portal.kit.files.drawn_text import as_drawn


def seen(words):
    """The words of a drawing as they are handed over."""
    return as_drawn(f"<svg><text x='1'>{words}</text></svg>")[len("<svg><text x='1'>") : -13]


def test_letters_stand_from_the_right_each_joined_to_its_neighbours():
    # Beh as it begins, lam as it stands within, dal as it ends.
    assert seen("بلد") == "\ufeaa\ufee0\ufe91"


def test_numbers_and_latin_words_keep_their_order_within_it():
    with translation.override("ar"):
        shown = unicodedata.normalize("NFKC", seen("صافي US$ 1,234"))
    assert shown == "US$ 1,234 يفاص"


@pytest.mark.parametrize("words", ["Net-funded amount", "R&amp;D &lt; 1,234", "Ñandú", "中国"])
def test_what_runs_to_the_right_stays_to_the_sign(words):
    assert seen(words) == words


def test_signs_of_markup_stay_signs_of_markup():
    assert "&amp;" in seen("أ &amp; ب") and "<b" not in seen("أ &lt;b&gt; ب")


def test_only_words_that_are_drawn_are_touched():
    page = "<p>بلد</p><svg><title>بلد</title><text data-name='بلد'>x</text></svg>"
    assert as_drawn(page) == page


def test_parts_of_a_text_are_each_in_order():
    page = "<text><tspan>بلد</tspan><tspan>12</tspan></text>"
    assert unicodedata.normalize("NFKC", as_drawn(page)) == page.replace("بلد", "دلب")


def test_a_page_of_paper_says_the_word_again():
    import weasyprint

    drawing = "<svg viewBox='0 0 100 40' width='100'><text x='10' y='20'>صافي</text></svg>"
    content = weasyprint.HTML(string=as_drawn(drawing)).write_pdf()
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    assert "صافي" in unicodedata.normalize("NFKC", said)
