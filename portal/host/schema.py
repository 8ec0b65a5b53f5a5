"""Functions, views and triggers of the database: `sql/*.sql` of each app, made anew by `prepare`.

Migrations hold tables only. What stays live is SQL in files that say all of it, so that it can
be read and changed in one place; each file may be run again at any time. Files in `sql/before/`
are run before the migrations: what a generated column calls has to be there before its table.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from finance.figures.known_sums import known_sums_function
from finance.figures.side_by_side import organization_sums_function
from finance.models.records import transfer_function
from portal.host.watched import unwatched
from portal.withholding.kinds import for_the_database
from projects.models.dates import end_function
from projects.models.reporting import report_kind_function
from projects.models.statuses import status_function

# Lowest floor first: a function may use the tables of those before it.
APPS = ("projects", "finance", "documents", "portal")


def sql_files(folder: str = "") -> Iterator[Path]:
    """The files of all apps in the order in which they are run."""
    for label in APPS:
        yield from sorted((Path(apps.get_app_config(label).path) / "sql" / folder).glob("*.sql"))


def generated() -> Iterator[str]:
    """Functions that say in SQL what the models say: written from them, in one place."""
    yield status_function()
    yield end_function()
    yield report_kind_function()
    yield transfer_function()
    yield organization_sums_function()
    yield known_sums_function()


def run_sql_files(connection: BaseDatabaseWrapper, folder: str = "") -> None:
    """Run the files of a folder in one transaction: all of them hold, or those of before."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # What models declare, where the files need it.
        declared = {"portal.withholding": for_the_database(), "portal.unwatched": unwatched()}
        for name, value in declared.items():
            cursor.execute("SELECT set_config(%s, %s, TRUE)", [name, json.dumps(value)])
        # Functions may call those of later files.
        cursor.execute("SET LOCAL check_function_bodies = off")
        for sql in () if folder else generated():
            cursor.execute(sql)
        for path in sql_files(folder):
            cursor.execute(path.read_text(encoding="utf-8"))
