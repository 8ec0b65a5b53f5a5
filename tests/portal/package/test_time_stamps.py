"""Each seal is stamped by others; the worker asks, and whoever has a package can check it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from finance.sealing.verification import Scope, verify
from portal.health.keeping import seals_are_stamped
from portal.models import TimeStamp
from portal.package.time_stamps import NotStamped, checked_stamp
from portal.work.packages import make_package
from portal.work.time_stamps import TRIES, ask_due_time_stamps, check_time_stamps
from tests.databases import REFUSED
from tests.factories import ProjectFactory, released, transfer
from tests.portal.api.test_lists import portfolio
from tests.portal.package.test_verify import checked, unpacked
from tests.portal.package.time_authority import time_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(settings, tmp_path):
    """The office names an authority, and believes it."""
    with time_authority(tmp_path / "authority") as found:
        settings.TIME_STAMP_URL, settings.TIME_STAMP_CA_FILE = found.url, found.roots
        yield found


def waited():
    """As if the time after which it is tried again had passed."""
    TimeStamp.objects.filter(answer=None).update(tried_at=F("tried_at") - timedelta(days=9))


def test_the_newest_seal_is_stamped_and_then_each_that_follows(client, authority):
    portfolio()
    assert (ask_due_time_stamps(), ask_due_time_stamps(), authority.asked) == (1, 0, 1)
    released(transfer(ProjectFactory(), "1"))
    assert ask_due_time_stamps() == 1
    assert list(TimeStamp.objects.values_list("seal__number", flat=True)) == [4, 3]
    one = TimeStamp.objects.first()
    assert client.get("/seals/4.tsr").content == bytes(one.answer)
    assert client.get("/seals/1.tsr").status_code == 404
    assert one.get_absolute_url() in client.get("/seals/").content.decode()
    for changed in (lambda: TimeStamp.objects.update(tries=9), TimeStamp.objects.all().delete):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            changed()


def test_without_an_authority_nobody_is_asked(client):
    portfolio()
    assert ask_due_time_stamps() == 0
    assert not list(seals_are_stamped())
    assert "Confirmed by others" not in client.get("/seals/").content.decode()


def test_an_authority_that_is_away_is_asked_again_but_not_for_ever(authority):
    portfolio()
    authority.answers = False
    assert ask_due_time_stamps() == 0
    assert "503" in TimeStamp.objects.get().fault
    ask_due_time_stamps()
    assert authority.asked == 1, "it was asked again at once"
    for _ in range(TRIES + 3):
        waited()
        ask_due_time_stamps()
    assert authority.asked == TRIES
    authority.answers = True
    released(transfer(ProjectFactory(), "1"))
    assert ask_due_time_stamps() == 1


def test_the_page_of_health_tells_of_a_seal_without_its_time_stamp(authority, monkeypatch):
    portfolio()
    assert not list(seals_are_stamped()), "it is still in time"
    monkeypatch.setattr("portal.health.keeping._STAMPED_WITHIN", timedelta(0))
    assert "nobody was asked" in next(iter(seals_are_stamped())).said
    authority.answers = False
    ask_due_time_stamps()
    assert "503" in next(iter(seals_are_stamped())).said
    authority.answers = True
    waited()
    ask_due_time_stamps()
    assert not list(seals_are_stamped())


def test_an_answer_of_an_authority_that_is_not_believed_is_not_kept(authority, settings, tmp_path):
    portfolio()
    with time_authority(tmp_path / "another") as another:
        settings.TIME_STAMP_URL = another.url
        assert ask_due_time_stamps() == 0
    assert TimeStamp.objects.get().answer is None


def test_verification_checks_each_time_stamp(authority, settings, tmp_path):
    portfolio()
    ask_due_time_stamps()
    assert verify(Scope(), more=(check_time_stamps,)).ok
    one = TimeStamp.objects.select_related("seal").get()
    with pytest.raises(NotStamped):
        checked_stamp(bytes(one.answer), "0" * 64, authority.roots)
    with time_authority(tmp_path / "another") as another:
        settings.TIME_STAMP_CA_FILE = another.roots
        assert "seal 3" in verify(Scope(), more=(check_time_stamps,)).difference


def test_a_stranger_checks_the_time_stamp_in_a_package(client, authority, tmp_path):
    portfolio()
    ask_due_time_stamps()
    released(transfer(ProjectFactory(), "1"))
    package = make_package()
    folder = unpacked(package, tmp_path / "package")
    code, text = checked(folder, "--tsa", authority.roots)
    assert code == 0, text
    assert "ok      time stamp: seal 3 was there at 20" in text
    assert "no --tsa was given" in checked(folder)[1]
    part = client.get(f"{package.get_absolute_url().removesuffix('.zip')}/timestamp.tsr")
    assert b"".join(part.streaming_content) == (folder / "timestamp.tsr").read_bytes()
    with time_authority(tmp_path / "another") as another:
        code, text = checked(folder, "--tsa", another.roots)
    assert code == 1
    assert "DIFFERS time stamp: seal 3" in text


def _der(tag, content):
    return bytes([tag, len(content)]) + content


def test_words_around_a_time_stamp_prove_nothing(authority):
    """An answer without any stamp, whose text says what openssl says of a good one."""
    text = _der(0x0C, b"x\nTime stamp: Jan  1 00:00:00 2020 GMT\nVerification: OK")
    answer = _der(0x30, _der(0x30, _der(0x02, b"\x02") + _der(0x30, text)))
    with pytest.raises(NotStamped):
        checked_stamp(answer, "00" * 32, authority.roots)


def test_an_office_that_believes_nobody_any_more_differs_in_nothing(authority, settings):
    portfolio()
    ask_due_time_stamps()
    settings.TIME_STAMP_URL = settings.TIME_STAMP_CA_FILE = ""
    assert not list(check_time_stamps(lambda *_said: None))
