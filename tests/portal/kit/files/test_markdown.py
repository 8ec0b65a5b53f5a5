"""What a source wrote is text in Markdown, never markup that an assistant would follow."""

import pytest

from portal.kit.files.markdown import escaped, paragraphs


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("![x](https://example.org/x.png)", r"!\[x\](https://example.org/x.png)"),
        ("a `b` *c* | <d>", r"a \`b\` \*c\* \| &lt;d>"),
        ("_all_ of snake_case", r"\_all\_ of snake_case"),
    ],
)
def test_a_text_is_no_link_picture_code_or_cell(text, written):
    assert escaped(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Figures", r"\# Figures"),
        ("> Quoted", r"\> Quoted"),
        ("- one\n2. two\n2.5 three", "\\- one\n\n2\\. two\n\n2.5 three"),
        ("---", r"\---"),
    ],
)
def test_a_line_of_a_text_is_no_heading_list_or_quotation(text, written):
    assert "\n".join(paragraphs(text)) == f"{written}\n"
