"""A fund's rule for documents on its form: by its own right, with its own history."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from documents.models import FundRule
from portal.models import ReferenceChange
from projects.models import Fund
from tests.factories import FundFactory
from tests.portal.staff.test_reference import at, save, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def rulers(people):
    """The chief and the one who may do both, with the right to a fund's rule for documents."""
    for role in ("chief", "both"):
        people[role].user_permissions.add(Permission.objects.get(codename="change_fundrule"))


def test_where_a_fund_looks_at_documents_first_is_said_on_its_form_with_history(
    as_, together, rulers
):
    fund, client = FundFactory(code="JPS10"), as_("chief")
    save(client, at("funds", fund), **{"fundrule-0-review": "on"})
    assert not FundRule.objects.exists()
    change = ReferenceChange.objects.get()
    assert change.fields == ["Its documents: Review before publication"]
    as_("both").post(reverse("staff-reference-decide", args=[change.pk]), {"confirm": "yes"})
    assert FundRule.objects.get(fund=fund).review is True
    # One rule, and no line for a second.
    assert client.get(at("funds", fund)).content.decode().count('name="fundrule-0-review"') == 1


def test_who_lacks_the_right_sees_a_funds_rule_for_documents_and_cannot_change_it(as_, alone):
    fund, client = FundFactory(code="JPS10"), as_("clerk")
    FundRule.objects.create(fund=fund, review=True)
    page = client.get(at("funds", fund)).content.decode()
    assert "You may see this and not change it" in page
    assert re.search(r'<input[^>]*name="fundrule-0-review"[^>]* disabled', page)
    off = sent(client, at("funds", fund), name="Other", **{"fundrule-0-DELETE": "on"})
    del off["fundrule-0-review"]
    client.post(at("funds", fund), off)
    assert (Fund.objects.get().name, FundRule.objects.get().review) == ("Other", True)
    FundRule.objects.all().delete()
    one = {"fundrule-TOTAL_FORMS": "1", "fundrule-0-review": "on", "name": "Third"}
    save(client, at("funds", fund), **one)
    assert Fund.objects.get().name == "Third" and not FundRule.objects.exists()


def test_who_confirms_a_funds_rule_for_documents_has_the_right_to_it_too(
    as_, together, rulers, people
):
    people["both"].user_permissions.remove(Permission.objects.get(codename="change_fundrule"))
    fund = FundFactory(code="JPS10")
    save(as_("chief"), at("funds", fund), **{"fundrule-0-review": "on"})
    change = ReferenceChange.objects.get()
    as_("both").post(reverse("staff-reference-decide", args=[change.pk]), {"confirm": "yes"})
    assert not FundRule.objects.exists()


def test_a_funds_history_tells_who_changed_its_rule_for_documents(as_, alone, rulers, people):
    fund, client = FundFactory(code="JPS10"), as_("chief")
    page = at("funds", fund)
    save(client, page, **{"fundrule-0-review": "on"})
    off = sent(client, page)
    del off["fundrule-0-review"]
    client.post(page, off)
    save(client, page, **{"fundrule-0-DELETE": "on"})
    told = client.get(page).context["changes"]
    said = [(one["by"], one["fields"][0]["old"], one["fields"][0]["new"]) for one in told]
    chief = people["chief"]
    assert said == [(chief, "no", "–"), (chief, "yes", "no"), (chief, "–", "yes")]
    assert str(told[0]["fields"][0]["label"]) == "review before publication"
