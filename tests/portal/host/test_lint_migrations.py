"""Migrations that lock for long, or break the version that runs meanwhile, are found."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from portal.management.commands.lint_migrations import remarks

HEAD = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The migrations of documents, to which a test may add."""
    # A name of its own for each test: Python imports a module once.
    room = tmp_path / f"migrations_of_{tmp_path.name}"
    shutil.copytree(Path(apps.get_app_config("documents").path) / "migrations", room)
    monkeypatch.syspath_prepend(tmp_path)
    with override_settings(MIGRATION_MODULES={"documents": room.name}):
        yield room


def found(room: Path, rest: str) -> str:
    """What the command says of a second migration of these lines."""
    (room / "0002_second.py").write_text(HEAD + rest)
    said = StringIO()
    try:
        call_command("lint_migrations", stderr=said)
    except CommandError:
        return said.getvalue()
    return ""


INDEX = """
    operations = [
        migrations.AddIndex("document", models.Index(fields=["title"], name="planted")),
    ]
"""


@pytest.mark.django_db
def test_the_migrations_of_today_lock_nothing_for_long():
    call_command("lint_migrations")


@pytest.mark.django_db
def test_an_index_made_under_a_lock_is_found(planted):
    said = found(planted, INDEX)
    assert said.startswith('documents/migrations/0002_second.py: CREATE INDEX "planted"')
    assert "require-concurrent-index-creation" in said


@pytest.mark.django_db(transaction=True)
def test_an_index_made_beside_the_running_site_is_not(planted):
    concurrent = INDEX.replace("migrations.AddIndex", "AddIndexConcurrently")
    assert found(planted, f"    atomic = False\n{concurrent}") == ""


@pytest.mark.django_db
def test_a_migration_may_say_that_its_table_is_small(planted):
    accepted = '    lint_accepted = {"require-concurrent-index-creation": "six rows"}\n'
    assert found(planted, accepted + INDEX) == ""


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0);',
        'ALTER TABLE "t" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "u" ("id");',
        'ALTER TABLE "t" ADD CONSTRAINT "c" UNIQUE ("a");',
        'CREATE UNIQUE INDEX "i" ON "t" ("a") WHERE "b" IS NULL;',
        'ALTER TABLE "t" ADD COLUMN "g" text GENERATED ALWAYS AS (lower("a")) STORED;',
        'ALTER TABLE "t" ADD COLUMN "g" timestamptz DEFAULT clock_timestamp() NOT NULL;',
        'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;',
        'ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;',
        'ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;',
        'ALTER TABLE "t" RENAME COLUMN "a" TO "b";',
        'ALTER TABLE "t" DROP COLUMN "a";',
        'DROP TABLE "t";',
    ],
)
def test_what_keeps_the_site_waiting_or_breaks_it_is_found(statement):
    assert [remark.statement for remark in remarks(f"BEGIN;\n{statement}\nCOMMIT;")]


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "t" ADD COLUMN "a" text NULL;',
        """ALTER TABLE "t" ADD COLUMN "a" text DEFAULT '' NOT NULL;""",
        'ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0) NOT VALID;',
        'ALTER TABLE "t" VALIDATE CONSTRAINT "c";',
        'CREATE TABLE "t" ("a" text NOT NULL);\nCREATE INDEX "i" ON "t" ("a");',
    ],
)
def test_what_is_done_in_a_moment_is_not(statement):
    assert remarks(f"BEGIN;\n{statement}\nCOMMIT;") == []
