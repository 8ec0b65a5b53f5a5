"""What a worker does each minute beside its tasks."""

import pytest

from portal.management.commands import worker
from portal.models import FailingChore


@pytest.mark.django_db
def test_a_chore_that_fails_keeps_no_other_from_being_done_and_is_known_until_it_is(
    monkeypatch, caplog
):
    done, away = [], [True]

    def fails():
        if away:
            raise OSError("storage is away")

    chores = (lambda: done.append("before"), fails, lambda: done.append("after"))
    monkeypatch.setattr(worker, "CHORES", chores)
    worker.do_chores()
    assert done == ["before", "after"]
    assert "fails failed" in caplog.text
    worker.do_chores()
    kept = FailingChore.objects.get()
    assert (kept.name, kept.times, kept.fault) == ("fails", 2, "OSError: storage is away")
    away.clear()
    worker.do_chores()
    assert not FailingChore.objects.exists()
