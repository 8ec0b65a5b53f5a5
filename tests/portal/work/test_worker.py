"""What a worker does each minute beside its tasks."""

from portal.management.commands import worker


def test_a_chore_that_fails_keeps_no_other_from_being_done(monkeypatch, caplog):
    done = []

    def fails():
        raise OSError("storage is away")

    chores = (lambda: done.append("before"), fails, lambda: done.append("after"))
    monkeypatch.setattr(worker, "CHORES", chores)
    worker.do_chores()
    assert done == ["before", "after"]
    assert "fails failed" in caplog.text
