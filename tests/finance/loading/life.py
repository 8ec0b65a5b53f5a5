"""Steps in the life of a load of vouchers, for the tests of it."""

from decimal import Decimal
from typing import Any

from finance.figures.sums import figures_of, total
from finance.loading.services import acknowledge_warnings, confirm_withdrawal, release_load
from finance.models import Load
from projects.models import Project, User

HEAD = "voucher,payment_date,fund,payee,project,amount,currency"


def row(number: object, amount: object, day: str = "2016-09-15", project: str = "00102004") -> str:
    return f"{number},{day},UNA00,UNDP,{project},{amount},USD"


def let_go(load: Load, chief: User) -> Load:
    acknowledge_warnings(load=load, codes=codes(load), by=chief)
    confirm_withdrawal(load=load, by=chief)
    return release_load(load=load, by=chief)


def codes(load: Load) -> set[str]:
    return set(load.remarks.values_list("code", flat=True))


def net(project: Project, **when: Any) -> Decimal:
    return total(figures_of([project.pk], **when)).net_funded
