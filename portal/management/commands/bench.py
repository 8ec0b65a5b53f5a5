"""`manage.py bench`: measure the portal, beside floors taken in the same run."""

import json
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.bench.iati_file import write_iati
from portal.bench.loading import write_vouchers
from portal.bench.scratch import run, scratch


class Command(BaseCommand):
    """Load a generated IATI file, and parse it barely, each in a process of its own."""

    help = (
        "Measure loading a generated IATI file: peak of memory, and time as a multiple of bare "
        "parsing. Uses a database and a folder of its own, and removes both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Sizes of the files."""
        parser.add_argument(
            "--mb",
            type=int,
            nargs="+",
            default=[30],
            help="sizes of the files in MB; 1000 takes an hour or so (default: 30)",
        )

        parser.add_argument(
            "--rows", type=int, default=100_000, help="voucher lines to load (default: 100,000)"
        )

    def handle(self, *_args: Any, mb: list[int], rows: int, **_options: Any) -> None:
        """One line for each size."""
        # Asked to stop, it still removes what it made.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self._measure_vouchers(rows)
        for size in mb:
            self._measure(size)

    def _measure_vouchers(self, rows: int) -> None:
        with scratch() as (folder, environment):
            path = folder / "vouchers.csv"
            write_vouchers(path, rows)
            found = json.loads(run(environment, "-m", "portal.bench.child", "vouchers", str(path)))
        floor = found["parse"] + found["insert"]
        whole = found["check"] + found["release"]
        self.stdout.write(
            f"{found['transactions']:,} voucher lines: check {found['check']:.1f} s, release "
            f"{found['release']:.1f} s = {whole / floor:.2f} × bare parsing "
            f"({found['parse']:.1f} s) and INSERT … SELECT ({found['insert']:.1f} s); "
            f"peak memory {found['peak_mb']:.0f} MB"
        )
        self.stdout.flush()

    def _measure(self, size: int) -> None:
        with scratch() as (folder, environment):
            path = folder / "bench.xml"
            activities, transactions = write_iati(path, size * 1_000_000)
            floor, load = (
                json.loads(run(environment, "-m", "portal.bench.child", step, str(path)))
                for step in ("iterparse", "load")
            )
        agreed = load["transactions"] == floor["transactions"] == transactions
        self.stdout.write(
            f"IATI file of {size} MB, {activities} activities, {transactions} transactions"
            f"{'' if agreed else ' (THE COUNTS DISAGREE)'}: load {load['seconds']:.1f} s = "
            f"{load['seconds'] / floor['seconds']:.1f} × bare parsing; peak memory "
            f"{load['peak_mb']:.0f} MB (bare parsing {floor['peak_mb']:.0f} MB)"
        )
        self.stdout.flush()
