"""`manage.py lint_migrations`: no migration keeps the running site waiting, or breaks it.

Squawk, a linter for PostgreSQL, reads the statements of each migration after the first of an app;
the first makes the app's tables, when there are no visitors yet.
"""

import json
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from portal.host.schema import APPS

# The oldest PostgreSQL that the portal runs on.
_POSTGRES = "14.0"
# Matters of taste; and the time that is waited for a lock is `prepare`'s to set.
_TASTE = (
    "prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-identity,prefer-robust-stmts,"
    "prefer-text-field,prefer-timestamp-tz,require-lock-timeout,require-statement-timeout"
)


@dataclass(frozen=True)
class Remark:
    """What is wrong with a statement of a migration."""

    rule: str
    statement: str
    text: str


class Command(BaseCommand):
    """Fails where a migration locks a table for long, or breaks the version that still runs."""

    help = (
        "Looks at what migrations lock, and for how long; docs/recipes.md says what to do instead."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Raises CommandError where there is a remark."""
        loader = MigrationLoader(connection, replace_migrations=False)
        found = 0
        for (app, name), migration in sorted(loader.disk_migrations.items()):
            if app not in APPS or name.startswith("0001_"):
                continue
            for remark in remarks(_statements(loader, migration), _accepted(migration)):
                found += 1
                self.stderr.write(
                    f"{app}/migrations/{name}.py: {remark.statement}\n"
                    f"  {remark.text} ({remark.rule})"
                )
        if found:
            raise CommandError("See “A migration after a release” in docs/recipes.md.")


def remarks(sql: str, accepted: frozenset[str] = frozenset()) -> list[Remark]:
    """What Squawk finds in the statements of one migration, but for the rules accepted there."""
    squawk = Path(sysconfig.get_path("scripts")) / "squawk"
    command = [str(squawk), "--reporter=json", f"--pg-version={_POSTGRES}", f"--exclude={_TASTE}"]
    try:
        said = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise CommandError("Squawk is not installed: `make lint` installs it.") from error
    if not said.stdout:
        raise CommandError(f"Squawk failed: {said.stderr}")
    lines = sql.splitlines()
    found = (
        Remark(one["rule_name"], lines[one["line"]].strip(), one["message"])
        for one in json.loads(said.stdout)
    )
    return [remark for remark in found if remark.rule not in accepted]


def _statements(loader: MigrationLoader, migration: Migration) -> str:
    """As Django shows them, with the transaction in which they run."""
    node = loader.graph.nodes[migration.app_label, migration.name]
    lines = loader.collect_sql([(node, False)])
    return "\n".join(["BEGIN;", *lines, "COMMIT;"] if migration.atomic else lines)


def _accepted(migration: Migration) -> frozenset[str]:
    """The rules that the migration itself says do no harm in it, each with the reason."""
    return frozenset(getattr(migration, "lint_accepted", {}))
