"""Loading 100,000 voucher lines, against bare parsing and `INSERT … SELECT` of the same rows.

The floor parses the same file by the bare csv module and copies the released records, vouchers
included, within the same constrained and indexed tables by one statement each.
"""

import csv
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HEADER = (
    "voucher", "payment_date", "fund", "payee", "project", "kind", "amount", "currency",
    "description",
)  # fmt: skip
PROJECTS, PAYEES, LINES_OF_A_VOUCHER = 2000, 40, 2


def write_vouchers(path: Path, rows: int) -> None:
    """A file of voucher lines for the projects that `make_entities` makes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            voucher = n // LINES_OF_A_VOUCHER
            day = date(2015, 1, 1) + timedelta(days=voucher % 3000)
            writer.writerow(
                (f"{voucher:06}", day, "BENCH", f"PO{voucher % PAYEES}", f"{n % PROJECTS:08}",
                 "transfer", f"{1000 + n * 7919 % 900_000}.{n % 100:02}", "USD",
                 "Second instalment")
            )  # fmt: skip


def make_entities() -> None:
    """The fund, organizations and projects that the file names."""
    from projects.models import Fund, Organization, Project

    fund = Fund.objects.create(code="BENCH", name="Bench fund")
    Organization.objects.bulk_create(
        Organization(code=f"PO{n}", name=f"Organization {n}") for n in range(PAYEES)
    )
    Project.objects.bulk_create(
        Project(number=f"{n:08}", title=f"Project {n}", fund=fund) for n in range(PROJECTS)
    )


def received(path: Path) -> Any:
    """The file as a load that is not checked yet."""
    from django.core.files import File

    from finance.loading.services import receive_load
    from finance.models import Load, Source

    source = Source.objects.create(code="bench", name="Bench")
    with path.open("rb") as file:
        return receive_load(
            source=source, kind=Load.Kind.VOUCHERS, content=File(file), name=path.name
        )


def measure(path: Path) -> dict[str, Any]:
    """Seconds of CPU of parsing, of `INSERT … SELECT`, and of check and release."""
    from finance.loading.services import check_load, release_load

    make_entities()
    load = received(path)
    began = _spent()
    check_load(load)
    checked = _spent()
    released = release_load(load=load)
    ended = _spent()
    return {
        "transactions": released.counts["new"],
        "check": checked - began,
        "release": ended - checked,
        "parse": _parse(path),
        "insert": _insert_select(released),
    }


def _spent() -> float:
    """Seconds of CPU of this process and of its session of the database; by the clock, where the
    database runs on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
    status = Path(f"/proc/{session}/stat")
    if not status.exists() or "(postgres" not in status.read_text():
        return time.perf_counter()
    ticks = status.read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _parse(path: Path) -> float:
    began = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass
    return time.process_time() - began


def _insert_select(load: Any) -> float:
    """Seconds of CPU for the same rows again, then undone."""
    from django.db import connection, transaction

    from finance.models import Source, Voucher, VoucherLine

    twin = Source.objects.create(code="bench-twin", name="Twin")
    sql = [_copy(Voucher, {"source_id": str(twin.pk)})]
    sql.append(_copy(VoucherLine, {"source_id": str(twin.pk), "voucher_id": "twin.id"}))
    sql[1] += (
        " JOIN finance_voucher AS first ON first.id = record.voucher_id"
        f" JOIN finance_voucher AS twin ON twin.key = first.key AND twin.source_id = {twin.pk}"
        f" WHERE record.load_id = {load.pk}"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        began = _spent()
        for one in sql:
            cursor.execute(one)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = _spent() - began
        transaction.set_rollback(True)
    return seconds


def _copy(model: Any, instead: dict[str, str]) -> str:
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    values = (instead.get(column, f"record.{column}") for column in columns)
    # Only names of our own tables and columns are put together here.
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {', '.join(values)} FROM {model._meta.db_table} AS record"
    )
