"""Steps in the life of a load of vouchers, for the tests of it."""

from finance.figures.sums import figures_of, total
from finance.loading.services import acknowledge_warnings, confirm_withdrawal, release_load

HEAD = "voucher,payment_date,fund,payee,project,amount,currency"


def row(number, amount, day="2016-09-15", project="00102004"):
    return f"{number},{day},UNA00,UNDP,{project},{amount},USD"


def let_go(load, chief):
    acknowledge_warnings(load=load, codes=codes(load), by=chief)
    confirm_withdrawal(load=load, by=chief)
    return release_load(load=load, by=chief)


def codes(load):
    return set(load.remarks.values_list("code", flat=True))


def net(project, **when):
    return total(figures_of([project.pk], **when)).net_funded
