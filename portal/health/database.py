"""The database: whether it answers, is prepared, and gives its roles the rights they need."""

import hashlib
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.health.server_settings import read_settings, remarks
from portal.health.trouble import Check, Trouble
from portal.kit.web.processes import THREADS, WORKERS
from portal.models import Prepared

_PREPARE = gettext_lazy("Run manage.py prepare.")
_LEAST_VERSION = 140_000
# Releases and the drawing of files take minutes.
_LEAST_SECONDS = 600
_CLOCKS_APART = 5


def answers() -> Iterator[Trouble]:
    """It answers, and can be written to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool"
        )
        if cursor.fetchone()[0]:
            yield Trouble(
                "read-only", _("The database can only be read: nothing can be entered."),
                _("Lead DATABASE_URL to the main server, or end its recovery."), tell=True,
            )  # fmt: skip


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """All migrations of the code, as app and name; none of them is imported."""
    return frozenset(
        (config.label, found.name)
        for config in apps.get_app_configs()
        if module_has_submodule(config.module, "migrations")
        for found in iter_modules([str(Path(config.path) / "migrations")])
        if found.name[0] not in "_~"
    )


def migrated() -> Iterator[Trouble]:
    """All migrations of the code were applied."""
    applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    if missing := _known_migrations() - applied:
        yield Trouble(
            "migrations",
            _("The database lacks %(count)s changes of its tables that the code expects.")
            % {"count": len(missing)},
            str(_PREPARE),
        )


@cache
def code_digest() -> str:
    """A digest of the database code: what `prepare` runs beside the migrations."""
    found = hashlib.sha256()
    for app in ("projects", "finance", "documents", "portal"):
        base = Path(apps.get_app_config(app).path)
        for path in sorted((base / "sql").rglob("*.sql")):
            found.update(f"{app}/{path.relative_to(base)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def remember_code() -> None:
    """Read which migrations and database code this process has, before an upgrade lays others."""
    _known_migrations()
    code_digest()


def prepared() -> Iterator[Trouble]:
    """Functions, views and rights are those of the code."""
    last = Prepared.objects.first()
    if last is None or last.digest != code_digest():
        yield Trouble(
            "prepared",
            _("Functions and views of the database are not those of this version of the code."),
            str(_PREPARE),
        )


# --- Looked at by doctor only

# Of what is there: some models are functions.
_MAY = (
    "SELECT name FROM unnest(%s::text[]) AS name WHERE CASE WHEN to_regclass(name) IS NOT NULL "
    "THEN {}has_table_privilege(name, '{}') END"
)


def rights() -> Iterator[Trouble]:
    """The web role reads and adds all that it needs, and deletes no record."""
    every = apps.get_models(include_auto_created=True)
    models = [model for model in every if not model._meta.proxy]
    tables = [m._meta.db_table for m in models if not hasattr(m, "web_may_nothing")]
    kept = [m._meta.db_table for m in models if hasattr(m, "web_may_update") and m._meta.managed]
    web, owner = (connections[alias].settings_dict["USER"] for alias in ("default", "owner"))
    with connection.cursor() as cursor:
        cursor.execute(_MAY.format("NOT ", "SELECT"), [[f'"{name}"' for name in tables]])
        if unread := [name.strip('"') for (name,) in cursor.fetchall()]:
            yield Trouble(
                "web-role-reads",
                _("The web role “%(role)s” may not read %(tables)s.")
                % {"role": web, "tables": ", ".join(unread[:5])},
                _("Run manage.py prepare, which gives it its rights."),
            )
        if web == owner:
            yield Trouble(
                "one-role",
                _("Web and owner are one role, “%(role)s”: that records are only ever added "
                  "then rests on triggers alone.") % {"role": web},
                _("Make a second role, name it in DATABASE_URL and the owner in "
                  "DATABASE_OWNER_URL, and run manage.py prepare."),
                grave=False,
            )  # fmt: skip
            return
        cursor.execute(_MAY.format("", "DELETE"), [[f'"{name}"' for name in kept]])
        if cursor.fetchall():
            yield Trouble(
                "web-role-deletes",
                _("The web role “%(role)s” may delete records.") % {"role": web},
                _("Run manage.py prepare. If it stays, the role is a superuser or a member of "
                  "the owner's: make an ordinary one."),
            )  # fmt: skip


def owner_connects() -> Iterator[Trouble]:
    """The owner, as whom `prepare` and `backup` work."""
    try:
        connections["owner"].ensure_connection()
    except OperationalError as error:
        yield Trouble(
            "owner",
            _("The owner role cannot connect: %(error)s") % {"error": str(error).strip()},
            _("Correct DATABASE_OWNER_URL, or the password of the role."),
        )


def server() -> Iterator[Trouble]:
    """How PostgreSQL is set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, getdatabaseencoding(), "
            "extract(epoch FROM current_setting('statement_timeout')::interval), "
            "abs(extract(epoch FROM clock_timestamp()) - %s), 'É' ~* 'é'",
            [time.time()],
        )
        version, encoding, seconds, apart, knows_letters = cursor.fetchone()
    if version < _LEAST_VERSION:
        yield Trouble("server-version", _("PostgreSQL is older than 14."), _("Upgrade it."))
    if encoding != "UTF8" or not knows_letters:
        yield Trouble(
            "server-encoding",
            _("The database does not know letters beyond ASCII."),
            _("Make it anew with ENCODING 'UTF8' and a locale such as C.UTF-8, and restore a "
              "backup into it."),
        )  # fmt: skip
    if 0 < seconds < _LEAST_SECONDS:
        yield Trouble(
            "statement-timeout",
            _("statement_timeout is %(seconds)s s for all: a release or a backup that takes longer "
              "is broken off.") % {"seconds": f"{float(seconds):g}"},
            _("Set it to 0 for the database and its roles; the portal bounds what pages may take "
              "by itself (READ_SECONDS)."),
        )  # fmt: skip
    if apart > _CLOCKS_APART:
        yield Trouble(
            "clocks",
            _("The clocks of this machine and of the database are %(seconds)s s apart.")
            % {"seconds": f"{apart:.0f}"},
            _("Let both take their time from the same place (chrony, systemd-timesyncd)."),
        )
    found = read_settings(connection)
    for number, remark in enumerate(remarks(found, web_threads=WORKERS * THREADS)):
        yield Trouble(f"server-{number}", remark, grave=False)


DATABASE = Check("database", gettext_lazy("Database"), answers)
MIGRATIONS = Check("migrations", gettext_lazy("Tables of the database"), migrated)
PREPARED = Check("prepared", gettext_lazy("Code in the database"), prepared)
RIGHTS = Check("rights", gettext_lazy("Rights of the database's roles"), rights)
OWNER = Check("owner", gettext_lazy("Owner of the database"), owner_connects)
SERVER = Check("server", gettext_lazy("Settings of PostgreSQL"), server)
