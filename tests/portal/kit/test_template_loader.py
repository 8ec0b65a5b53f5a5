"""Pages are sent without the indentation of their templates."""

from django.template import engines
from django.test import override_settings

from portal.kit.template_loader import Loader


def loaded(tmp_path, name: str, text: str) -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    loader = Loader(engines["django"].engine, [tmp_path])
    [origin] = loader.get_template_sources(name)
    return loader.get_contents(origin)


def test_lines_of_a_page_begin_without_spaces(tmp_path):
    assert loaded(tmp_path, "a.html", "<ul>\n  <li>\n    a b\n  </li>\n</ul>") == (
        "<ul>\n<li>\na b\n</li>\n</ul>"
    )


def test_what_is_shown_as_it_stands_and_mails_keep_theirs(tmp_path):
    for name, text in (("b.html", "<pre>\n  a\n</pre>"), ("c.txt", "- a\n  b")):
        assert loaded(tmp_path, name, text) == text


def test_a_page_of_the_site_has_none(client, db):
    with override_settings(DEBUG=False):
        text = client.get("/glossary/").text
    assert not [line for line in text.splitlines() if line.startswith("  ")]
