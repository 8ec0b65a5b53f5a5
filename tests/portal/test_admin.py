"""Administration: every page opens, records refuse change, hand edits are held."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import (
    Document,
    DocumentEvent,
    DocumentType,
    DocumentVersion,
    GatewayAccess,
)
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    KeyFigure,
    Load,
    OtherFlow,
    ProjectStatement,
    SourceMapping,
    SubGrant,
    VerifyResult,
    Voucher,
    VoucherLine,
)
from portal.models import Feedback
from projects.models import Office, Project, Status, User
from tests.factories import (
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db

READ_ONLY = [
    GatewayAccess,
    BudgetLine,
    Commitment,
    Deposit,
    DocumentEvent,
    DocumentVersion,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    KeyFigure,
    Load,
    OtherFlow,
    ProjectStatement,
    SourceMapping,
    SubGrant,
    VerifyResult,
    Voucher,
    VoucherLine,
]
ALL = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def boss() -> User:
    """An administrator."""
    return User.objects.create_superuser("boss@office.test")


@pytest.fixture
def staff(boss) -> Client:
    """A browser in which an administrator is signed in."""
    client = Client()
    client.force_login(boss)
    return client


def page(model, action: str, *arguments) -> str:
    """The address of an administration page."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{action}", args=arguments)


def form_values(response) -> dict[str, str]:
    """What a browser would send back from a change page that nobody touched."""
    context = response.context
    forms = [context["adminform"].form]
    for wrapped in context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    values = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                values[field.html_name] = value
    return values


def voucher_line() -> VoucherLine:
    """A released transfer."""
    load = LoadFactory(released_at=timezone.now(), state="released")
    project, payee = ProjectFactory(), OrganizationFactory()
    day = timezone.localdate()
    voucher = Voucher.objects.create(
        source=load.source, number="V1", payment_date=day, payee=payee, fund=project.fund, key="k"
    )
    return VoucherLine.objects.create(
        load=load,
        source=load.source,
        line=1,
        fingerprint="f",
        voucher=voucher,
        project=project,
        organization=payee,
        amount=10,
        currency="USD",
        base_amount=10,
        date=day,
    )


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_list_opens_and_searches(staff, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        response = staff.get(page(model, "changelist"), {"q": "x"}, follow=True)
    assert response.status_code == 200
    assert "style=" not in response.content.decode()
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_add_page_opens_unless_only_loads_write(staff, model):
    Office.objects.all().delete()
    status = staff.get(page(model, "add")).status_code
    closed = {*READ_ONLY, Feedback} | {
        m for m in ALL if m._meta.app_label == "django_tasks_database"
    }
    assert status == (403 if model in closed else 200)


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.label)
def test_records_can_be_looked_at_and_nothing_else(rf, boss, model):
    request = rf.get("/")
    request.user = boss
    site = admin.site._registry[model]
    assert site.has_view_permission(request)
    assert not site.has_add_permission(request)
    assert not site.has_change_permission(request)
    assert not site.has_delete_permission(request)


def test_record_page_opens_and_refuses_change(staff):
    line = voucher_line()
    for record in (line, line.voucher, line.load):
        address = page(type(record), "change", record.pk)
        assert staff.get(address).status_code == 200
        assert staff.post(address, {"amount": "99"}).status_code == 403
        assert (
            staff.post(page(type(record), "delete", record.pk), {"post": "yes"}).status_code == 403
        )
    line.refresh_from_db()
    assert line.amount == 10


def test_record_list_needs_as_many_queries_for_many_rows(staff, django_assert_max_num_queries):
    for _number in range(5):
        voucher_line()
    with django_assert_max_num_queries(18):
        assert staff.get(page(VoucherLine, "changelist")).status_code == 200


# --- Projects


def test_field_changed_by_hand_is_held_and_can_be_freed(staff):
    project = ProjectFactory(title="As loaded", held_fields=["narrative"])
    address = page(Project, "change", project.pk)
    values = form_values(staff.get(address)) | {"title": "By hand"}
    assert staff.post(address, values).status_code == 302
    project.refresh_from_db()
    assert (project.title, project.held_fields) == ("By hand", ["narrative", "title"])

    response = staff.get(address)
    assert 'value="title"' in response.content.decode()
    values = form_values(response) | {"held_fields": ["narrative"]}
    assert staff.post(address, values).status_code == 302
    project.refresh_from_db()
    assert project.held_fields == ["narrative"]


def test_saving_an_untouched_project_holds_nothing(staff):
    project = ProjectFactory()
    address = page(Project, "change", project.pk)
    assert staff.post(address, form_values(staff.get(address))).status_code == 302
    project.refresh_from_db()
    assert project.held_fields == []


def test_status_set_by_hand_is_dated_and_logged_once(staff):
    project = ProjectFactory()
    address = page(Project, "change", project.pk)
    values = form_values(staff.get(address)) | {"status": Status.SUSPENDED}
    assert staff.post(address, values).status_code == 302
    project.refresh_from_db()
    assert project.status_on == timezone.localdate()
    assert project.status_changes.get().status == Status.SUSPENDED


def test_project_page_shows_its_documents(staff):
    project = ProjectFactory()
    kind = DocumentType.objects.first() or DocumentType.objects.create(code="x", name="X")
    Document.objects.create(project=project, type=kind, title="The annual report")
    text = staff.get(page(Project, "change", project.pk)).content.decode()
    assert "The annual report" in text


def test_what_others_refer_to_is_not_deleted(staff):
    project = ProjectFactory()
    for entity in (project, project.fund, FundFactory()):
        assert staff.get(page(type(entity), "delete", entity.pk)).status_code == 403


# --- People


def test_person_is_added_by_address_and_signs_in_with_it(staff):
    values = {
        "email": "new@office.test",
        "usable_password": "true",
        "password1": "quite a long one",
        "password2": "quite a long one",
    }
    assert staff.post(page(User, "add"), values).status_code == 302
    User.objects.filter(email="new@office.test").update(is_staff=True)
    client = Client()
    sign_in = {"login": "new@office.test", "password": "quite a long one"}
    assert client.post(reverse("account_login"), sign_in).status_code == 302


def test_only_administrators_give_rights(boss, rf):
    helper = User.objects.create_user("helper@office.test", is_staff=True)
    site = admin.site._registry[User]
    request = rf.get("/")
    request.user = helper
    assert "is_superuser" in site.get_readonly_fields(request)
    assert not site.has_change_permission(request, boss)


def test_signed_out_visitors_are_led_to_the_sign_in(client):
    way = client.get(page(Project, "changelist"), follow=True)
    assert way.redirect_chain[-1][0].startswith(reverse("account_login"))


# --- Feedback


def test_unmailed_feedback_is_queued_again(staff, django_capture_on_commit_callbacks):
    waiting = Feedback.objects.create(message="One", sender="0" * 32)
    done = Feedback.objects.create(message="Two", sender="0" * 32, mailed_at=timezone.now())
    values = {"action": "mail_again", "_selected_action": [waiting.pk, done.pk]}
    response = staff.post(page(Feedback, "changelist"), values, follow=True)
    assert "1 message will be mailed." in response.content.decode()
    assert "0" * 32 not in staff.get(page(Feedback, "change", done.pk)).content.decode()
