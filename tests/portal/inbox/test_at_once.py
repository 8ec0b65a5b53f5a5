"""What blocks somebody else is mailed at once, to whoever may do it, and once."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from finance.models import Load
from portal.inbox.at_once import tell_at_once
from portal.models import InboxStop, InboxTold, ReferenceChange
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def person(email, *codenames):
    user = UserFactory(email=email, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def chief():
    return person("chief@x.org", "release_load")


@pytest.fixture
def clerk():
    return person("clerk@x.org", "add_load")


def checked(by, name="vouchers.csv"):
    return Load.objects.create(
        source=SourceFactory(), kind=Load.Kind.VOUCHERS, state=Load.State.CHECKED,
        file_name=name, received_by=by, size=1, sha256="0" * 64, received_at=timezone.now(),
    )  # fmt: skip


def test_who_may_release_a_load_is_mailed_once_with_its_title_and_page(chief, clerk, mailoutbox):
    load = checked(clerk)
    assert [tell_at_once(), tell_at_once()] == [1, 0]
    (mail,) = mailoutbox
    assert mail.to == ["chief@x.org"]
    assert "vouchers.csv" in mail.body
    assert reverse("staff-load", args=[load.pk]) in mail.body
    assert "clerk@x.org" not in mail.body


def test_several_at_once_are_one_mail_and_what_waits_again_is_told_again(chief, clerk, mailoutbox):
    load, _other = checked(clerk), checked(clerk, "more.csv")
    ReferenceChange.objects.create(kind="funds", made_by=clerk)
    assert tell_at_once() == 1
    assert "3 things wait" in mailoutbox[0].subject
    Load.objects.filter(pk=load.pk).update(state=Load.State.FAULTY)
    assert tell_at_once() == 0
    assert InboxTold.objects.count() == 2
    Load.objects.filter(pk=load.pk).update(state=Load.State.CHECKED)
    assert tell_at_once() == 1


def test_nobody_is_mailed_of_her_own_or_of_a_kind_she_stopped(clerk, chief, mailoutbox):
    both = person("both@x.org", "add_load", "release_load")
    checked(both)
    InboxStop.objects.create(user=chief, kind="release")
    assert tell_at_once() == 0


def test_many_things_of_a_kind_are_told_as_a_number(chief, clerk, mailoutbox):
    for number in range(12):
        checked(clerk, f"file{number}.csv")
    tell_at_once()
    assert "file3.csv" not in mailoutbox[0].body
    assert "Loads to be released by you: 12" in mailoutbox[0].body
