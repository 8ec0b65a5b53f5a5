"""On paper each text has the direction that browsers give it by themselves."""

import pytest

from portal.kit.files.directions import with_directions
from portal.templatetags.kit import dotted


@pytest.mark.parametrize(
    ("html", "stated"),
    [
        ('<h1 dir="auto">سلام Peace</h1>', '<h1 dir="rtl">سلام Peace</h1>'),
        ('<h1 dir="auto">Peace سلام</h1>', '<h1 dir="ltr">Peace سلام</h1>'),
        ('<p dir="auto">12 &mdash; <b>ماء</b></p>', '<p dir="rtl">12 &mdash; <b>ماء</b></p>'),
        ('<p dir="auto">2025</p><p>ماء</p>', '<p dir="ltr">2025</p><p>ماء</p>'),
        ('<p dir="auto"><br>א</p>', '<p dir="rtl"><br>א</p>'),
        ("<bdi>ماء</bdi>", '<bdi dir="rtl">ماء</bdi>'),
        ('<bdi dir="ltr">ماء</bdi>', '<bdi dir="ltr">ماء</bdi>'),
        ('<div dir="auto"><!-- a --><i dir="auto">ماء</i></div>',
         '<div dir="rtl"><!-- a --><i dir="rtl">ماء</i></div>'),
        ('<p lang="ar" dir="auto" class="a">ماء</p>', '<p lang="ar" dir="rtl" class="a">ماء</p>'),
    ],
)  # fmt: skip
def test_the_first_letter_with_a_direction_gives_it(html, stated):
    assert with_directions(html) == stated


def test_parts_side_by_side_do_not_reorder_each_other():
    assert dotted(["00102004", "<b>", "ماء"]) == (
        "<bdi>00102004</bdi> · <bdi>&lt;b&gt;</bdi> · <bdi>ماء</bdi>"
    )
