"""`manage.py iati_reference FOLDER`: schemas, rules and code lists of IATI, made anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.iati.standard.files import FOLDER
from portal.iati.standard.making import make_reference


class Command(BaseCommand):
    """Writes portal/data/iati."""

    help = "Makes portal/data/iati anew from a folder with the standard's files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where schemas, rulesets and codelists lie")

    def handle(self, *_args: Any, **options: Any) -> None:
        counts = make_reference(options["folder"], FOLDER)
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
