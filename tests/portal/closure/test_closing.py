"""Closure: by organization, by checklist; the project is as far as the least far of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.forms import modelform_factory
from django.urls import reverse
from django.utils import timezone
from lxml import html

from portal.closure.checklist import closure_today, obstacles
from portal.closure.forms import ClosingProjectForm
from portal.closure.services import (
    ClosureError,
    close_financially,
    close_operationally,
    open_again,
)
from projects.models import Office, Participation, Project
from tests.factories import expenditure, released, transfer
from tests.portal.closure.conftest import DONE

pytestmark = pytest.mark.django_db


def _lists(project):
    project = Project.objects.get(pk=project.pk)
    return {p.organization.code: p for p in closure_today(project)}


def _refunded(project):
    """Restate the money so that each organization keeps nothing of what it got."""
    lines = []
    for part in project.participations.all():
        own = {"organization_id": part.organization_id}
        lines += [
            transfer(project, 1000, voucher="V", **own),
            transfer(project, -100, date(2021, 2, 1), voucher="R", **own),
            expenditure(project, 900, **own),
        ]
    released(*lines, source=project.voucher_lines.first().source)


def test_a_checklist_names_all_that_is_open(joint):
    found = _lists(joint)["ALPHA"]
    assert found.status == "on-going"
    assert found.open == [
        "Operational closure has not been declared",
        "Final narrative report: due after operational closure",
        "Certified final financial statement: due after operational closure",
    ]
    assert (
        found.items["balance"].text
        == "Unspent balance of US$\xa0100 is waived (at most US$\xa0250)"
    )


@pytest.mark.parametrize(("waived", "done"), [("99.99", False), ("100", True), ("100.01", True)])
def test_small_balances_are_waived_up_to_the_offices_limit(joint, waived, done):
    Office.objects.update(waived_balance=Decimal(waived))
    assert _lists(joint)["BETA"].items["balance"].done is done


def test_a_refund_settles_the_balance(joint):
    Office.objects.update(waived_balance=0)
    assert "to be refunded" in _lists(joint)["ALPHA"].items["balance"].text
    _refunded(joint)
    assert _lists(joint)["ALPHA"].items["balance"].text == "Unspent balance: none"


def test_financial_closure_is_refused_in_words_until_the_checklist_is_complete(
    joint, part_of, final
):
    part = part_of("ALPHA")
    with pytest.raises(ClosureError, match="Operational closure has not been declared"):
        close_financially(part=part, on=DONE)
    close_operationally(part=part, on=DONE)
    with pytest.raises(ClosureError, match="Final narrative report: not received, due on 30 Apr"):
        close_financially(part=part, on=DONE)
    final(part)
    with pytest.raises(ClosureError, match="before financial closure"):
        close_financially(part=part, on=date(2021, 1, 1))
    with pytest.raises(ClosureError, match="future"):
        close_financially(part=part, on=timezone.localdate() + timedelta(days=1))
    close_financially(part=part, on=date(2021, 4, 1))
    assert _lists(joint)["ALPHA"].status == "financially-closed"


def test_the_project_is_as_far_as_the_least_far_organization(joint, part_of, final):
    alpha, beta = part_of("ALPHA"), part_of("BETA")
    final(alpha, beta)

    def status():
        joint.refresh_from_db()
        return joint.status, joint.status_on

    close_operationally(part=alpha, on=DONE)
    assert status()[0] == "on-going"
    close_financially(part=alpha, on=date(2021, 4, 1))
    assert status()[0] == "on-going"
    close_operationally(part=beta, on=date(2021, 2, 2))
    assert status() == ("operationally-closed", date(2021, 2, 2))
    close_financially(part=beta, on=date(2021, 5, 1))
    assert status() == ("financially-closed", date(2021, 5, 1))
    assert {"status", "status_on"} <= set(joint.held_fields)
    log = list(joint.status_changes.values_list("status", "set_on"))
    assert log == [
        ("financially-closed", date(2021, 5, 1)), ("operationally-closed", date(2021, 2, 2)),
    ]  # fmt: skip
    open_again(part=beta)
    assert status()[0] == "on-going"


def test_what_only_the_projects_status_said_is_kept_when_one_part_moves_on(
    joint, part_of, final, declared
):
    declared("operationally-closed")
    alpha, beta = part_of("ALPHA"), part_of("BETA")
    final(alpha, beta)
    close_financially(part=alpha, on=date(2021, 4, 1))
    joint.refresh_from_db()
    assert joint.status == "operationally-closed"
    assert Participation.objects.get(pk=beta.pk).operationally_closed_on == DONE
    close_financially(part=beta, on=date(2021, 4, 2))
    joint.refresh_from_db()
    assert joint.status == "financially-closed"


def test_suspended_and_cancelled_projects_are_not_moved(joint, part_of):
    Project.objects.filter(pk=joint.pk).update(status="cancelled")
    for code in ("ALPHA", "BETA"):
        close_operationally(part=part_of(code), on=DONE)
    joint.refresh_from_db()
    assert joint.status == "cancelled"


def test_a_load_that_states_financial_closure_keeps_it_and_yields_a_note(client, joint, declared):
    declared("financially-closed")
    page = client.get("/project/J1/").content.decode()
    assert "Financially Closed" in page
    assert "closed financially, but" in page
    assert "Certified final financial statement: not received" in page


def _form(project, **data):
    made = modelform_factory(Project, form=ClosingProjectForm, fields=["status", "status_on"])
    return made({"status_on": "2021-05-05", **data}, instance=project)


def test_the_administration_refuses_financial_closure_before_its_time(joint, part_of, final):
    form = _form(joint, status="financially-closed")
    assert not form.is_valid()
    assert "ALPHA: Operational closure" in str(form.errors["status"])
    for code in ("ALPHA", "BETA"):
        close_operationally(part=part_of(code), on=DONE)
    final(part_of("ALPHA"), part_of("BETA"))
    joint.refresh_from_db()
    assert obstacles(joint) == []
    assert _form(joint, status="financially-closed").is_valid()
    assert _form(joint, status="suspended").is_valid()


def test_the_log_of_statuses_is_held_against_the_checklist_too(joint, part_of, final, admin_client):
    page = reverse("admin:projects_project_change", args=[joint.pk])

    def logged(status):
        form = html.fromstring(admin_client.get(page).content.decode()).forms
        data = dict(next(f for f in form if f.get("id") == "project_form").form_values())
        row = "status_changes-0"
        data |= {"status_changes-TOTAL_FORMS": "1", f"{row}-project": joint.pk}
        data |= {f"{row}-status": status, f"{row}-set_on": "2021-05-05"}
        return admin_client.post(page, data)

    refused = logged("financially-closed")
    assert "It cannot be set to Financially Closed yet" in refused.content.decode()
    assert not joint.status_changes.exists()
    assert logged("suspended").status_code == 302
    joint.status_changes.all().delete()
    for code in ("ALPHA", "BETA"):
        close_operationally(part=part_of(code), on=DONE)
    final(part_of("ALPHA"), part_of("BETA"))
    joint.status_changes.all().delete()
    assert logged("financially-closed").status_code == 302
    assert joint.status_changes.get().status == "financially-closed"
