"""Sends forms as a browser does: with all that stands in them on the page."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from lxml import html


def sheet(client: Client, page: str, action: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What the page's form for this address holds, with what a person typed or clicked."""
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status_code)
    root: Any = html.fromstring(answer.content.decode(), base_url=page)
    forms = [form for form in root.forms if form.method == "POST" and _goes_to(form, page, action)]
    assert forms, f"{page} has no form for {action}"
    has = [form for form in forms if set(sent) <= _names(form)]
    assert has, (page, sent.keys() - _names(forms[0]))
    data: dict[str, Any] = {}
    for name, value in has[0].form_values():
        data.setdefault(name, []).append(value)
    return data | sent


def _goes_to(form: Any, page: str, action: str) -> bool:
    return urlsplit(urljoin(page, form.get("action") or "")).path == urlsplit(action).path


def _names(form: Any) -> set[str]:
    return {one.get("name") for one in form.iter("input", "select", "textarea", "button")}


def send(client: Client, action: str, data: dict[str, Any]) -> Any:
    """The answer; files are made anew for each sending."""
    whole = {name: value() if callable(value) else value for name, value in data.items()}
    return client.post(action, {k: v for k, v in whole.items() if v is not None})


def read(client: Client, answer: Any) -> str:
    """The words of the page that a person sees then."""
    if answer.status_code == 302:
        answer = client.get(answer["Location"], follow=True)
    assert answer.status_code < 500, answer.status_code
    root: Any = html.fromstring(answer.content.decode() or "<p></p>")
    for element in root.xpath("//head|//header[not(@class='page-head')]|//nav|//footer|//script"):
        element.drop_tree()
    return " ".join(root.text_content().split())
