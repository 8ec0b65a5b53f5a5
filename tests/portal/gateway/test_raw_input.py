"""No page of the gateway fails over what is written into its form or body."""

import pytest

from tests.portal.gateway.test_matrix import GETS, POSTS, address
from tests.portal.test_raw_input import failing, forms

__all__ = ["address"]
BODIES = {
    "infinity": b'{"kind": "project", "key": "1", "name": "a.pdf", "size": Infinity}',
    "overflow": b'{"kind": "project", "key": "1", "name": "a.pdf", "size": 1e400}',
    "not a number": b'{"kind": "project", "key": "1", "name": "a.pdf", "size": NaN}',
    "huge": b'{"kind": "project", "key": "1", "name": "a", "size": %s}' % (b"9" * 4000),
    "half a sign": b'{"kind": "project", "key": "\\ud800", "name": "a\\udfff", "size": 1}',
    "nul": b'{"kind": "project", "key": "a\\u0000b", "name": "a.pdf", "size": 1}',
    "nul in the name": b'{"kind": "project", "key": "1", "name": "a\\u0000", "size": 1}',
    "deep": b"[" * 9000,
    "deep objects": b'{"a":' * 2000,
    "a list": b"[1]",
    "nothing": b"",
    "not text": b"\xff\xfe",
    "a kind of kinds": b'{"kind": ["project"], "key": {}, "name": [], "size": []}',
    "a long mark": b'{"kind": "project", "key": "1", "name": "a", "size": 1, "modified": "%s"}'
    % (b"1" * 60),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_no_script_of_ours_sends_is_refused(as_, address, own, body):
    url = address("gateway-begin", own)
    answer = as_("project").post(url, body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("who", ["project", "manager"])
def test_no_form_fails(as_, address, own, who):
    names = sorted({*POSTS, *GETS} - {"gateway-upload-file", "gateway-version-file"})
    assert failing(as_(who), "post", [address(name, own) for name in names], forms()) == []


def test_a_reason_that_no_column_holds_is_refused(as_, address, own):
    url = address("gateway-withdraw", own)
    assert as_("project").post(url, {"reason": "a\0b"}).status_code == 400
    answer = as_("project").post(url, {"reason": "x" * 2001}, follow=True)
    assert "at most 2000 characters" in answer.content.decode()
