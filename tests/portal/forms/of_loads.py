"""Forms by which money comes in: loads, their decisions, corrections, single lines."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse as at

from finance.loading import services
from finance.loading.services import check_load, release_load
from finance.models import Load, LoadRemark, Mend, Source, SourceMapping, VoucherLine
from projects.models import Office
from tests.portal.forms.people import World
from tests.portal.forms.table import NO_WORKER, Place, form
from tests.portal.staff.conftest import HEAD, row

_LOAD = (Load, VoucherLine)


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.csv", f"{HEAD}\n{row('9', '9')}".encode())


def _of(load: Load, name: str, **sent: Any) -> Place:
    return Place(at("staff-load", args=[load.pk]), at(name, args=[load.pk]), sent)


@form("staff-load-new", Load, also="second", typed="reason", says=NO_WORKER,
      sent={"kind": "vouchers", "file": _file, "complete": "lines", "reason": "May"})  # fmt: skip
def _a_load(world: World) -> Place:
    source = Source.objects.get(code="ledger")
    return Place(at("staff-load-new"), sent={"existing_source": str(source.pk)})


@form("staff-load-type", Load, also="second", typed="reason", says=NO_WORKER,
      sent={"pasted": f"{HEAD}\n{row('9', '9')}", "reason": "May"},
      told="There is the source “Fund office” already; choose it.")  # fmt: skip
def _rows_typed(_world: World) -> Place:
    return Place(at("staff-load-type", args=["vouchers"]))


@form("staff-load-mend", Mend, Load, also="second", says="checked again with what you mended",
      told="Nothing of this load can be mended here. You wrote: 77")  # fmt: skip
def _a_mend(world: World) -> Place:
    load = world.enter(row("1", "100"), row("2", "x"))
    remark = load.remarks.get(code="cell")
    return Place(at("staff-load-mend", args=[load.pk]), sent={f"cell-{remark.pk}": "77"})


@form("staff-load-mapping", Load, SourceMapping, also="second", says=NO_WORKER,
      told="Somebody else saved this meanwhile", sent={"date_order": "day-first"})  # fmt: skip
def _a_mapping(world: World) -> Place:
    load = world.enter("1,2016-09-15", head="number,day")
    names = dict.fromkeys(("fund", "payee", "project"), "x") | {"amount": "1", "currency": "USD"}
    sent = {f"constant-{name}": value for name, value in names.items()}
    sent |= {"column-voucher": "number", "column-payment_date": "day"}
    return Place(at("staff-load-mapping", args=[load.pk]), sent=sent)


@form("staff-load-check", *_LOAD, also="second", says=NO_WORKER, told="under way already")
def _checking_again(world: World) -> Place:
    return _of(world.enter(row("1", "100"), row("2", "x")), "staff-load-check")


@form("staff-load-reject", *_LOAD, also="second", says="Rejected; nothing of it was released.",
      told="This load is closed")  # fmt: skip
def _rejecting(world: World) -> Place:
    return _of(world.enter(row("1", "100")), "staff-load-reject")


def _report_with_a_warning(world: World) -> Load:
    """More was spent than was transferred."""
    clerk = Client()
    clerk.force_login(world.people["clerk"])
    clerk.post(at("staff-year-end-receive", args=[2024]), {"reports": _report()})
    return check_load(Load.objects.get(kind="expenditures"))


@form("staff-load-acknowledge", Load, LoadRemark, also="second", says="Acknowledged",
      told="already")  # fmt: skip
def _acknowledging(world: World) -> Place:
    load = _report_with_a_warning(world)
    code = load.remarks.filter(severity="warning").values_list("code", flat=True)[0]
    return _of(load, "staff-load-acknowledge", code=code)


@form("staff-load-confirm", *_LOAD, also="second", says="The withdrawal is confirmed.",
      told="already")  # fmt: skip
def _confirming_a_withdrawal(world: World) -> Place:
    many = [row(str(number), "100") for number in range(40)]
    release_load(load=world.enter(*many), by=world.people["admin"])
    return _of(world.enter(many[0]), "staff-load-confirm")


@form("staff-load-release", *_LOAD, also="second", says="Released: the public sees it now.",
      told="released")  # fmt: skip
def _releasing(world: World) -> Place:
    return _of(world.enter(row("1", "100")), "staff-load-release")


@form("staff-load-reverse", Load, also="second", sent={"reason": "Sent twice"}, typed="reason",
      says="Sent twice", told="already")  # fmt: skip
def _reversing(world: World) -> Place:
    return _of(world.released(), "staff-load-reverse")


def _record(world: World) -> Place:
    return Place(at("staff-record", args=["voucherline", world.line().pk]))


@form("staff-record", Load, also="second", sent={"amount": "90", "reason": "A digit"},
      typed="reason", says="A digit")  # fmt: skip
def _a_correction(world: World) -> Place:
    return _record(world)


@form("staff-record", Load, also="second", typed="withdraw-reason",
      sent={"withdraw": "1", "withdraw-reason": "Not ours"}, says="Not ours")  # fmt: skip
def _a_withdrawal(world: World) -> Place:
    return _record(world)


@form("staff-enter-row", Load, also="second", typed="conditions",
      sent={"date": "2024-05-12", "project": "00102004", "body": "Steering Committee",
            "kind": "allocation", "amount": "400.50", "currency": "usd",
            "conditions": "Once it is in"})  # fmt: skip
def _a_decision(_world: World) -> Place:
    return Place(at("staff-enter-row", args=["decisions"]))


def _report() -> SimpleUploadedFile:
    head = "year,state,project,organization,category,amount,currency"
    line = "2024,reported,00102004,UNDP,5,10,USD"
    return SimpleUploadedFile("UNDP.csv", f"{head}\n{line}".encode())


@form("staff-year-end-receive", Load, also="second", sent={"reports": _report},
      says=NO_WORKER)  # fmt: skip
def _reports_of_a_year(_world: World) -> Place:
    page = at("staff-year-end", args=[2024])
    return Place(page, at("staff-year-end-receive", args=[2024]))


@form("staff-year-end-release", Load, also="second", says="released", told="released already")
def _releasing_reports_of_a_year(world: World) -> Place:
    page, load = at("staff-year-end", args=[2024]), _report_with_a_warning(world)
    by, codes = world.people["clerk"], services.open_warnings(load)
    services.acknowledge_warnings(load=load, codes=set(codes), by=by)
    sent = {"load": f"{load.pk}-{load.report['content']}"}
    return Place(page, at("staff-year-end-release", args=[2024]), sent)


@form("staff-exports", also="second", sent={"format": "csv"}, says=NO_WORKER)
def _a_large_file(world: World) -> Place:
    world.released()
    return Place(at("staff-exports"))


def four_eyes(*, on: bool) -> None:
    """Whether the office wants a second person."""
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": on})
