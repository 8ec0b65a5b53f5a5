"""What is said of a file that is on its way, or refused."""

import json

from django.urls import reverse

from documents.models import Upload
from tests.portal.gateway.test_use import _send


def test_of_a_refused_file_no_scan_is_awaited(as_, own):
    client = as_("project")
    _send(client, own, b"<html>")
    refused = reverse("gateway-upload", args=[Upload.objects.get().pk])
    for address in (refused, reverse("gateway")):
        page = client.get(address).content.decode()
        assert "could run" in page
        assert "No background worker" not in page and "Virus scan" not in page


def test_of_a_file_that_is_being_sent_it_is_not_said_that_the_rest_was_not(as_, own):
    client = as_("project")
    sent = {"kind": "project", "key": own.number, "name": "a.pdf", "size": 9, "modified": "1"}
    client.post(reverse("gateway-begin"), json.dumps(sent), content_type="application/json")
    page = client.get(reverse("gateway")).content.decode()
    assert "0 % has arrived; the rest has not arrived yet." in page
