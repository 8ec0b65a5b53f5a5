"""An office whose figures are in another currency than US dollars."""

import ast
import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from finance.figures.sums import figures_of, total
from finance.models import Source, VoucherLine
from portal.host.schema import APPS
from portal.kit.currency import CODE, LABEL, in_base, told_in_base, use_base_currency
from projects.models import Office
from tests.factories import OrganizationFactory, ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def euros():
    Office.objects.update_or_create(pk=1, defaults={"base_currency": "EUR", "currency_label": "€"})


@pytest.fixture
def project(tmp_path):
    """A project that was paid 1,000 euros, and 110 dollars at 1.10 dollars for a euro."""
    found = ProjectFactory(number="00102004", fund__code="UNA00")
    OrganizationFactory(code="UNDP")
    rates, vouchers = tmp_path / "rates.csv", tmp_path / "vouchers.csv"
    rates.write_text("Currency,Effective date,Units per €\nUSD,2016-01-01,1.10\n")
    vouchers.write_text(
        "voucher,payment_date,fund,payee,project,amount,currency,Amount in €\n"
        "1,2016-09-15,UNA00,UNDP,00102004,1000,EUR,1000\n"
        "2,2016-09-16,UNA00,UNDP,00102004,110,USD,\n"
    )
    call_command("load", rates, kind="rates", verbosity=0)
    call_command("load", vouchers, kind="vouchers", complete=True, verbosity=0)
    return found


def test_amounts_are_added_up_in_it(project):
    assert total(figures_of([project.pk])).net_funded == Decimal(1100)
    call_command("verify", verbosity=0)


def test_every_format_says_it(client, project):
    page = client.get(project.get_absolute_url()).content.decode()
    assert "the fund passed € 1,100 to" in page
    assert "All amounts in €" in page
    assert "All figures in € unless stated otherwise" in page
    assert "%(" not in page
    assert "US$" not in page
    address = f"{project.get_absolute_url()}vouchers/?format="
    told = json.loads(client.get(f"{address}json").getvalue())
    assert {field["unit"] for field in told["columns"] if field["key"] == "base_amount"} == {"€"}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}xlsx").getvalue()))
    texts = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert "€" in texts
    assert not any("US$" in text for text in texts)
    exchange = client.get(f"{project.get_absolute_url()}?format=iati").getvalue().decode()
    assert 'default-currency="EUR"' in exchange


def test_an_amount_in_it_is_kept_as_stated(project):
    line = transfer(project, 5, currency="EUR")
    line.values["base_amount"] = Decimal(6)
    with pytest.raises(IntegrityError, match="kept as stated"), transaction.atomic():
        released(line, source=Source.objects.get(code="vouchers"))
    assert VoucherLine.objects.count() == 2


def test_a_stated_amount_in_dollars_is_no_amount_in_it(tmp_path, project):
    file = tmp_path / "more.csv"
    file.write_text(
        "voucher,payment_date,fund,payee,project,amount,currency,Amount in US$\n"
        "3,2016-09-17,UNA00,UNDP,00102004,220,USD,220\n"
    )
    call_command("load", file, kind="vouchers", verbosity=0)
    assert VoucherLine.objects.get(voucher__number="3").base_amount == Decimal(200)


def test_texts_take_it_as_a_parameter():
    heading = in_base("10 %(currency)s (%(code)s, %(name)s)")
    assert heading == "10 US$ (USD, US dollar)"
    use_base_currency("EUR", "€")
    assert heading == "10 € (EUR, €)"
    assert told_in_base("%(amount)s %(code)s", amount=5) == "5 EUR"
    use_base_currency(CODE, LABEL)
    assert heading == "10 US$ (USD, US dollar)"


# What a currency is called, whichever is the base; and what stands in files.
NAMING = {"portal/kit/currency.py", "finance/formats/currencies.py", "finance/formats/amounts.py"}


def _texts(path: Path) -> list[str]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def test_no_text_names_a_currency_of_its_own():
    base = Path(settings.BASE_DIR)
    code = [path for app in APPS for path in (base / app).rglob("*.py")]
    found = [
        (str(path.relative_to(base)), text)
        for path in code
        if not {"migrations", "bench", "sample"} & set(path.parts)
        for text in _texts(path)
        if LABEL in text or "US dollar" in text
    ]
    assert [one for one in found if one[0] not in NAMING] == []
    pages = (base / "templates").rglob("*.html")
    assert [str(page) for page in pages if LABEL in page.read_text(encoding="utf-8")] == []
