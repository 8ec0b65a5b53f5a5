"""`manage.py load` asks for what the staff's room asks for: rights, and a second look."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from finance.formats.remembered import remember_mapping
from finance.models import Load, Source, VoucherLine
from projects.models import User
from tests.factories import FundFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.portal.iati.test_report import activity, money

pytestmark = pytest.mark.django_db


def file_of(tmp_path: Path, *amounts: object, day: str = "2024-01-01", kind: str = "3") -> str:
    """Write a file of one activity with these payments."""
    path = tmp_path / "file.xml"
    inside = [money(kind, amount, day) for amount in amounts]
    path.write_text(f'<iati-activities version="2.03">{activity("A-1", *inside)}</iati-activities>')
    return str(path)


def standing() -> int:
    """Return how many vouchers stand."""
    return VoucherLine.objects.known_at().count()


def test_a_withdrawal_of_much_is_confirmed_by_itself(tmp_path: Path) -> None:
    call_command("load", file_of(tmp_path, *range(1, 31)))
    few = file_of(tmp_path, 1)
    with pytest.raises(CommandError, match=r"29 of 30 records.*--confirm-withdrawal"):
        call_command("load", few)
    assert (standing(), Load.objects.count()) == (30, 1)
    call_command("load", few, check=True)
    assert standing() == 30
    call_command("load", few, confirm_withdrawal=True)
    assert standing() == 1


def test_a_spreadsheet_that_withdraws_much_is_asked_for_too(tmp_path: Path) -> None:
    ProjectFactory(number="P-1", fund=FundFactory(code="UNA00"))
    OrganizationFactory(code="UNDP")
    by = person("finance.release_load")
    head = "voucher,payment_date,fund,payee,project,amount,currency"
    path = tmp_path / "vouchers.csv"

    def take(count: int, **how: object) -> None:
        rows = [f"{n},2016-09-15,UNA00,UNDP,P-1,{n},USD" for n in range(1, count + 1)]
        path.write_text("\n".join([head, *rows]))
        how |= {"kind": "vouchers", "complete": True, "by": by.email, "verbosity": 0}
        call_command("load", path, **how)

    take(10)
    with pytest.raises(CommandError, match="9 of 10 records"):
        take(1)
    assert standing() == 10
    take(1, confirm_withdrawal=True)
    assert standing() == 1


@pytest.mark.parametrize(
    ("amount", "day", "kind", "words"),
    [(10, "2062-02-01", "3", "lies ahead"), (10, "2106-02-01", "4", "lies ahead"),
     (10, "2062-02-01", "11", "so far ahead"),
     (200_000_000_000, "2024-02-01", "11", "together, or above")],
)  # fmt: skip
def test_what_can_hardly_be_is_acknowledged_by_itself(
    tmp_path: Path, amount: int, day: str, kind: str, words: str
) -> None:
    path = file_of(tmp_path, amount, day=day, kind=kind)
    with pytest.raises(CommandError, match=words):
        call_command("load", path)
    assert not Load.objects.exists()
    call_command("load", path, acknowledge=True)
    assert Load.objects.get().state == "released"


def person(*rights: str, **values: object) -> User:
    """Return somebody of the staff with these rights."""
    user = UserFactory(**{"is_staff": True, **values})
    for right in rights:
        user.user_permissions.add(Permission.objects.get(codename=right.partition(".")[2]))
    return user


@pytest.mark.parametrize(
    ("option", "right", "other"),
    [
        ("by", "finance.release_load", "finance.add_load"),
        ("entered_by", "finance.add_load", "finance.release_load"),
    ],
)
def test_a_person_named_needs_the_right(
    tmp_path: Path, option: str, right: str, other: str
) -> None:
    path = file_of(tmp_path, 1)
    for user in (person(), person(other), person(right, is_active=False),
                 person(right, is_staff=False)):  # fmt: skip
        with pytest.raises(CommandError, match="may not"):
            call_command("load", path, **{option: user.email})
    assert not Load.objects.exists()
    call_command("load", path, **{option: person(right).email})
    assert Load.objects.get().state == "released"


def test_a_remembered_mapping_holds_on_the_command_line_too(tmp_path: Path) -> None:
    ProjectFactory(number="P-1", fund=FundFactory(code="UNA00"))
    OrganizationFactory(code="UNDP")
    source = Source.objects.create(code="city", name="City")
    columns = {
        "voucher": "Beleg", "payment_date": "Datum", "fund": "Fonds", "payee": "An",
        "project": "Projekt", "amount": "Betrag", "currency": "Geld",
    }  # fmt: skip
    remember_mapping(source=source, spec={"kind": "vouchers", "columns": columns})
    path = tmp_path / "vouchers.csv"
    path.write_text(f"{','.join(columns.values())}\n1,2016-09-15,UNA00,UNDP,P-1,10,USD\n")
    call_command("load", path, kind="vouchers", source="city", verbosity=0)
    assert standing() == 1


def test_many_warnings_of_one_kind_do_not_hide_one_of_another(tmp_path: Path, capsys) -> None:
    path = Path(file_of(tmp_path, *range(1, 41), day="2062-02-01"))
    text = path.read_text()
    first = '<value value-date="2062-02-01">40<'
    assert first in text
    path.write_text(text.replace(first, first.replace("<value ", '<value currency="EUR" ')))
    call_command("load", str(path), check=True)
    shown = capsys.readouterr().out
    assert "No rate of EUR" in shown
    assert "… and 21 more" in shown


def test_warnings_are_printed_with_their_lines(tmp_path: Path, capsys) -> None:
    call_command("load", file_of(tmp_path, 10, kind="4"), check=True)
    assert "expenditure of US$\xa010" in capsys.readouterr().out
