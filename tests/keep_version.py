"""Keeps this version's database to be upgraded by later ones; run as a program.

With a word it is a process of its own in that database: `fill` it, or print its `figures` of a day.
"""

import json
import sys

import django

# Lists of the interface whose rows have figures, and the field that names a row.
SAMPLED = {"projects": "number", "funds": "code", "organizations": "code", "contributors": "code"}


def main(arguments: list[str]) -> None:
    """Do what the first word says; without any, keep this version."""
    django.setup()
    if not arguments:
        from tests.kept_versions import FOLDER, keep

        FOLDER.mkdir(exist_ok=True)
        print(keep(FOLDER).archive)  # noqa: T201
    elif arguments[0] == "fill":
        fill()
    else:
        json.dump(figures(arguments[1]), sys.stdout)


def fill() -> None:
    """Two projects of the sample, with all that belongs to them."""
    from portal.management.commands.sample import Command
    from portal.sample.portfolio import FAMOUS, invent

    plans = [plan for plan in invent() if plan.number == FAMOUS or plan.trait == "joint"]
    Command(stdout=sys.stderr).store([plan for plan in plans if not plan.parent], [])


def figures(day: str) -> dict[str, object]:
    """The newest seal, and each figure of the sampled lists as of that day."""
    from django.test import Client

    from finance.models import Seal

    shown = {}
    for name, key in SAMPLED.items():
        answer = Client().get(f"/api/v1/{name}/?as_of={day}&limit=100")
        shown[name] = {
            row[key]: {figure: said["value"] for figure, said in row["figures"].items()}
            for row in answer.json()["results"]
        }
    newest = Seal.objects.newest()
    return {"seal": [newest.number, newest.hash] if newest else None, "figures": shown}


if __name__ == "__main__":
    main(sys.argv[1:])
