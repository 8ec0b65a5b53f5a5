"""The page of formats says of every kind what its declaration says."""

import pytest
from django.core.files.base import ContentFile

from finance.formats.kinds import KINDS
from finance.loading.services import check_load, receive_load
from finance.models import Load
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_every_kind_stands_there_with_all_its_columns(client):
    page = client.get("/data/formats/").content.decode()
    for kind in KINDS.values():
        assert f'id="{kind.code}"' in page
        for column in kind.columns:
            assert f"<code>{column.name}</code>" in page


def test_staff_reach_the_same_page_and_the_public_page_of_data_leads_to_it(client):
    assert client.get("/staff/formats/").status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/staff/formats/").status_code == 200
    assert "/data/formats/" in client.get("/data/").content.decode()


@pytest.mark.parametrize("code", sorted(KINDS))
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_empty_template_is_read_back_and_has_no_rows(client, code, format):
    answer = client.get(f"/data/formats/{code}.{format}")
    assert f'filename="{code}.{format}"' in answer.headers["Content-Disposition"]
    load = receive_load(
        source=SourceFactory(), kind=code, content=ContentFile(answer.content), name=f"t.{format}"
    )
    check_load(load)
    # Headings were understood: what is wrong is only that nothing stands below them.
    remarks = list(load.remarks.values_list("message", flat=True))
    assert load.state == Load.State.FAULTY and len(remarks) == 1 and "rows" in remarks[0]


def test_an_unknown_template_is_not_found(client):
    assert client.get("/data/formats/nothing.xlsx").status_code == 404
    assert client.get("/data/formats/vouchers.exe").status_code == 404
