"""Functions and views of the database, made anew under a site that runs."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from finance.figures.making import first_difference
from finance.models.record_kinds import MONEY_MODELS
from portal.host.schema import APPS, sql_files
from portal.management.commands import prepare
from portal.models import Prepared
from portal.work.deriving import DERIVATION
from tests.factories import ProjectFactory, released, transfer

VIEWS = ("finance_statedrecord",)
# Whole numbers and texts of any size are read alike.
SIZES = {
    "smallint": "integer",
    "bigint": "integer",
    "varchar": "text",
}


def seen() -> list[type]:
    """The models that are views or functions of the database."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.managed
    ]


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
def test_preparing_works_figures_out_anew_once_where_this_version_does_it_otherwise():
    project = ProjectFactory()
    released(transfer(project, "40"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE finance_entry SET base_amount = base_amount + 1")
    call_command("prepare", verbosity=0)
    assert first_difference([project.pk]) is not None
    Prepared.objects.update(derivation=DERIVATION - 1)
    call_command("prepare", verbosity=0)
    assert first_difference([project.pk]) is None
    assert Prepared.objects.get().derivation == DERIVATION


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_preparing_gives_way_to_what_takes_long(monkeypatch):
    monkeypatch.setattr(prepare, "WRITERS_SECONDS", 0)
    with transaction.atomic():
        ProjectFactory()
        with pytest.raises(CommandError, match="run this again"):
            call_command("prepare", verbosity=0)
    call_command("prepare", verbosity=0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_preparing_does_not_wait_for_who_only_reads():
    tables = [
        model._meta.db_table
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and not hasattr(model, "web_may_nothing")
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT FROM "{table}" LIMIT 1')
        call_command("prepare", verbosity=0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_view_is_without_its_rights_where_preparing_breaks_off(monkeypatch):
    def break_off(*_arguments):
        raise RuntimeError("broken off")

    monkeypatch.setattr(prepare, "grant", break_off)
    with pytest.raises(RuntimeError, match="broken off"):
        call_command("prepare", verbosity=0)
    assert readable() == dict.fromkeys(VIEWS, True)


@pytest.mark.django_db
@pytest.mark.parametrize("model", seen(), ids=lambda model: model._meta.db_table)
def test_a_view_has_the_columns_of_its_model(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name::text, data_type::text FROM information_schema.columns "
            "WHERE table_name = %(name)s UNION ALL "
            "SELECT name, type::regtype::text FROM pg_proc, "
            "unnest(proargnames, proallargtypes, proargmodes) AS given (name, type, mode) "
            "WHERE proname = %(name)s AND mode = 't'",
            {"name": model._meta.db_table},
        )
        found = {name: SIZES.get(kind, kind) for name, kind in cursor.fetchall()}
    declared = {
        field.column: re.sub(r"\(.*\)", "", field.db_type(connection) or "")
        for field in model._meta.concrete_fields
    }
    assert found == {name: SIZES.get(kind, kind) for name, kind in declared.items()}


# Made from what the models declare, so that each of these rules has one home.
GENERATED = {
    *(f"models/{name}.py" for name in ("statuses", "reporting", "dates", "records")),
    "figures/known_sums.py",
    "figures/side_by_side.py",
}
DEFINING = re.compile(r"CREATE\s+(OR\s+REPLACE\s+)?(MATERIALIZED\s+)?(FUNCTION|VIEW|TRIGGER)\b")


@pytest.mark.parametrize("app", APPS)
def test_what_the_database_does_is_written_in_files_of_sql(app):
    code = (Path(settings.BASE_DIR) / app).rglob("*.py")
    found = {path for path in code if DEFINING.search(path.read_text("utf-8"))}
    assert {path for path in found if f"{path.parent.name}/{path.name}" not in GENERATED} == set()


def test_the_view_of_records_has_each_kind_of_money_once():
    (file,) = (path for path in sql_files() if path.stem == "stated_records")
    kinds = re.findall(
        r"SELECT id, '(\w+)'::text AS kind,.*?FROM finance_(\w+)", file.read_text(), re.S
    )
    assert sorted(kinds) == sorted((name, name) for name in MONEY_MODELS)
