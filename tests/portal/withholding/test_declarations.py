"""What models declare to be withholdable, and what the database does with it."""

import json

import pytest
from django.db import connection, models

from finance.models.append_only import TEXTS
from finance.sealing.canonical import FORM, FORMS, record_model
from portal.withholding.kinds import THINGS, Kind, for_the_database, model_of, withholdable_models

DECLARED = withholdable_models()
by_model = pytest.mark.parametrize("model", DECLARED, ids=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.fields}


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["rules", "things"])
def test_the_database_follows_the_declarations(part):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT withheld_{part}()")
        assert json.loads(cursor.fetchone()[0]) == json.loads(json.dumps(for_the_database()))[part]


@pytest.mark.django_db
def test_each_table_that_can_be_withheld_is_watched():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE 'withheld_fresh_%' AND tgname <> 'withheld_fresh_load'"
        )
        watched = {table for (table,) in cursor.fetchall()}
    # A load is looked at when it is sealed.
    assert watched == for_the_database()["rules"].keys() - {"finance_load"}


@by_model
def test_a_model_declares_columns_that_it_has(model):
    what, own = DECLARED[model], columns(model)
    assert {*what.columns, *what.match, *what.texts} <= own
    assert {*what.match, *what.texts} <= what.columns.keys()
    owners = {"": set(), "statement": {"project_id"}}
    assert owners.get(what.scope, {f"{what.scope}_id"}) <= own
    assert not what.within or f"{what.within}_id" in own


def test_every_kind_is_of_a_model_that_declares_its_columns():
    assert THINGS.keys() == set(Kind.values)
    for kind, thing in THINGS.items():
        assert set(thing.columns) <= DECLARED[model_of(kind)].columns.keys(), kind


@pytest.mark.parametrize("name", FORMS[FORM])
def test_every_text_that_a_record_may_lose_is_declared(name):
    model = record_model(name)
    if "withdrawn_by_id" in columns(model):
        what = DECLARED.get(model)
        assert set(what.texts if what else ()) == set(TEXTS) & columns(model)


@pytest.mark.parametrize("name", FORMS[FORM])
def test_a_seal_salts_the_texts_that_can_be_withheld(name):
    what = DECLARED.get(record_model(name))
    assert FORMS[FORM][name].texts == (what.texts if what else ())
