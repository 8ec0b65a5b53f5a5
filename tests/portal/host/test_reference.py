"""The reference data that every portal starts with."""

import pytest

from documents.models import DocumentType
from finance.models import BudgetCategory
from portal.host.reference import load_reference_data
from projects.models import Country, Office

pytestmark = pytest.mark.django_db


def test_every_kind_of_reference_data_is_there():
    load_reference_data()
    assert Country.objects.filter(kind="country", code__regex="^[A-Z]{2}$").count() == 250
    assert Country.objects.get(code="CI").name == "Côte d’Ivoire"
    assert Country.objects.get(code="UN").is_placeholder
    assert Country.objects.get(code="298").kind == "region"
    assert DocumentType.objects.count() == 18
    assert Office.objects.filter(pk=1).exists()


def test_budget_categories_of_both_sets_have_dates_of_validity():
    load_reference_data()
    older = BudgetCategory.objects.filter(valid_to="2011-12-31")
    newer = BudgetCategory.objects.filter(valid_from="2012-01-01")
    assert (older.count(), newer.count()) == (6, 8)
    assert newer.get(is_indirect=True).code == "8"
    assert older.filter(is_indirect=True).count() == 1


def test_loading_again_keeps_what_staff_changed_and_adds_what_is_missing():
    load_reference_data()
    Country.objects.filter(code="ML").update(name="Republic of Mali")
    Office.objects.update(name="Our Office")
    Country.objects.filter(code="TV").delete()
    load_reference_data()
    assert Country.objects.get(code="ML").name == "Republic of Mali"
    assert Office.current().name == "Our Office"
    assert Country.objects.filter(code="TV").exists()
