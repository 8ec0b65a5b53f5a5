"""The registry of record kinds: nothing that states money or reports is outside of it."""

from django.apps import apps

from finance.formats.kinds import KINDS
from finance.loading.lines import LineReader
from finance.loading.references import References
from finance.loading.scopes import Scope
from finance.models import MoneyRecord, Record
from finance.models.record_kinds import MONEY_MODELS, RECORD_KINDS, RECORD_MODELS, names_of


def models_of(base):
    """All models that are such records."""
    return {model for model in apps.get_models() if issubclass(model, base)}


def test_every_model_of_records_has_its_entry():
    assert set(RECORD_MODELS.values()) == models_of(Record)
    assert set(MONEY_MODELS.values()) == models_of(MoneyRecord)


def test_an_entry_names_columns_that_its_model_has():
    for kind in RECORD_KINDS:
        columns = {field.name for field in kind.model._meta.get_fields()}
        assert {*kind.form.entities, *kind.form.values, *kind.form.texts} <= columns, kind.name


def test_what_spreadsheets_state_can_be_read_and_corrected():
    for kind in RECORD_KINDS:
        if kind.stated_by:
            assert kind.stated_by in KINDS
            assert LineReader(kind.stated_by, Scope(), References.__new__(References), None)
        columns = {field.name for field in kind.model._meta.get_fields()}
        has_line = bool(kind.stated_by) and {"date", "amount", "currency"} <= columns
        assert has_line or not kind.correctable
    assert names_of(stated_by="contributions") == ("commitment", "deposit")
