"""Functions and views of the database, made anew under a site that runs."""

import pytest
from django.core.management import call_command
from django.db import connection

from portal.management.commands import prepare

VIEWS = ("finance_effect", "finance_fundeffect", "finance_figurethen", "portal_reportdue")


def readable() -> dict[str, bool]:
    """Which views the web role may read."""
    with connection.cursor() as cursor:
        return {
            view: cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [view])
            or cursor.fetchone()[0]
            for view in VIEWS
        }


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_preparing_again_leaves_every_view_readable():
    call_command("prepare", verbosity=0)
    assert readable() == dict.fromkeys(VIEWS, True)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_view_is_without_its_rights_where_preparing_breaks_off(monkeypatch):
    def break_off(*_arguments):
        raise RuntimeError("broken off")

    monkeypatch.setattr(prepare, "grant", break_off)
    with pytest.raises(RuntimeError, match="broken off"):
        call_command("prepare", verbosity=0)
    assert readable() == dict.fromkeys(VIEWS, True)
