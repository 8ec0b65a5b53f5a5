"""Texts with the marks of a web page read as a person would have read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.iati.reader import read_activities
from portal.kit.language.markup import escaped, plain
from tests.portal.iati.shared import file_of


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Fish &amp; rice", "Fish & rice"),
        ("Fish & rice, 3 < 4 > 2", "Fish & rice, 3 < 4 > 2"),
        ("AT&T; R&D; &unknown;", "AT&T; R&D; &unknown;"),
        ("<p>First <b>para</b>.</p><p>Second&nbsp;para &lt;20 km.</p>",
         "First para.\n\nSecond para <20 km."),
        ("<p>One<br/>Two</p><script>alert(1)</script>", "One\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("&amp;lt;", "&lt;"),
        ("mail <jo@example.org>", "mail <jo@example.org>"),
    ],
)  # fmt: skip
def test_tags_become_paragraphs_and_entities_signs_once(text: str, read: str) -> None:
    assert plain(text) == read


@given(some.text(alphabet=some.sampled_from("ab &<>;/#1lgtampqo\n"), max_size=40))
def test_a_text_that_was_written_reads_back_as_it_is(text: str) -> None:
    assert plain(escaped(text)) == text


def test_narratives_of_a_file_are_read_so(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "<title><narrative>Sea\u200bside &amp;amp; Co\u00ad</narrative></title>"
        "<description><narrative><![CDATA[<p>One</p><p>Two</p>]]></narrative></description>",
    )
    (activity,) = read_activities(path)
    assert activity.titles == {"": "Seaside & Co"}
    assert activity.descriptions[0].texts == {"": "One\n\nTwo"}
