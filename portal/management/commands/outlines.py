"""`manage.py outlines FOLDER`: the outlines of countries for the map, made anew."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.host.reference import DATA
from portal.public.maps.outlines import WIDTH, countries, height

LAND = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    '<path fill="#8a9496" fill-opacity=".28" stroke="#8a9496" stroke-opacity=".5" '
    'stroke-width=".4" d="{path}"/></svg>\n'
)


class Command(BaseCommand):
    """Writes portal/data/outlines.json and static/img/world.svg."""

    help = "Makes the outlines of the map anew from the files of the npm package world-atlas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where countries-110m.json and -10m.json lie")

    def handle(self, *_args: Any, **options: Any) -> None:
        with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
            codes = {row["iso_number"]: row["code"] for row in csv.DictReader(file)}
        codes.pop("", None)
        found = countries(options["folder"], codes)
        lines = ",\n".join(
            f"{json.dumps(code)}: {json.dumps(outline, separators=(',', ':'))}"
            for code, outline in found.items()
        )
        (DATA / "outlines.json").write_text(f"{{\n{lines}\n}}\n")
        path = "".join(outline["d"] for outline in found.values())
        world = Path(settings.BASE_DIR) / "static" / "img" / "world.svg"
        world.write_text(LAND.format(width=WIDTH, height=height(), path=path))
        self.stdout.write(f"{len(found)} countries")
