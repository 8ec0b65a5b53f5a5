"""An hour later: what changed since is gathered, and what changes now is counted anew."""

from datetime import timedelta

import pytest
from django.db import connection

from portal.work import iati_files, packages


def new_transaction() -> None:
    """All that a test does is one transaction, in which a change counts once; here ends one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.given', '', TRUE)")


def hour_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was made was made an hour ago."""
    for module in (packages, iati_files):
        monkeypatch.setattr(module, "GATHERED", timedelta(0))
