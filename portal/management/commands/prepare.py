"""`manage.py prepare`: bring the database up to date, whatever its state."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from finance.loading.lock import lock_releases
from finance.models import Seal
from finance.sealing.seals import seal_old_releases
from portal.health.database import code_digest
from portal.health.server_settings import read_settings, remarks
from portal.health.version import version
from portal.host.grants import grant
from portal.host.locks import Busy, waiting_at_most, without_writers
from portal.host.reference import load_reference_data
from portal.host.schema import run_sql_files
from portal.kit.owner import as_owner
from portal.kit.web.processes import THREADS, WORKERS
from portal.models import Prepared
from portal.work.deriving import DERIVATION, derive_anew_for_this_version

# Any number will do, as long as it stays the same.
PREPARE_LOCK = 720_240_117
# How long a migration may wait for a table, and visitors behind it; and for how long a moment is
# looked for in which nobody writes.
LOCK_SECONDS, WRITERS_SECONDS = 10, 60


class Command(BaseCommand):
    """Migrate as the owner, give the web role its rights, add missing reference data."""

    help = "Bring the database up to date: migrations, then the rights of the web role."

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        """Run under a lock, so that several machines may start at once."""
        owner = connections["owner"]
        try:
            with owner.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
        except OperationalError as error:
            raise CommandError(f"The owner role cannot connect: {error}") from error
        try:
            with waiting_at_most(owner, LOCK_SECONDS):
                migrate(owner, verbosity)
            self.make_database_code(owner, settings.DATABASES["default"])
            load_reference_data()
            seal_if_none_is()
            if derive_anew_for_this_version():
                self.stdout.write("This version works figures out otherwise: all were made anew.")
            Prepared.objects.all().delete()
            Prepared.objects.create(digest=code_digest(), version=version(), derivation=DERIVATION)
        except Busy as busy:
            raise CommandError(
                "The database is at work on something long, such as a release or a "
                "backup, and everybody would have had to wait for it. What was begun is "
                f"undone; run this again once that is over. PostgreSQL says: {busy}"
            ) from busy
        finally:
            with owner.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])

    def make_database_code(self, owner: BaseDatabaseWrapper, web: dict[str, Any]) -> None:
        """Functions, views and the web role's rights on them, or why these would mean nothing.

        In one transaction, some tenths of a second long, in which nobody else writes: a site that
        runs meanwhile misses neither a view nor a right to it.
        """
        two_roles = web["USER"] != owner.settings_dict["USER"]
        if two_roles:
            make_role(owner, web["USER"], web["PASSWORD"])
        with without_writers(owner, WRITERS_SECONDS):
            run_sql_files(owner)
            if two_roles:
                grant(owner, web["USER"])
        self.look_at_roles(owner, web)
        for remark in remarks(read_settings(owner), web_threads=WORKERS * THREADS):
            self.warn(f"PostgreSQL: {remark}")

    def look_at_roles(self, owner: BaseDatabaseWrapper, web: dict[str, Any]) -> None:
        """Warn where rights mean little; fail where the web role cannot connect."""
        if web["USER"] == owner.settings_dict["USER"]:
            self.warn(
                f"Web and owner are one role ({web['USER']}): that records are only ever "
                "appended then rests on triggers alone, which an owner can switch off. Name "
                "a second role in DATABASE_URL and the owner in DATABASE_OWNER_URL."
            )
            return
        if outranks(owner, web["USER"]):
            self.warn(
                f"The web role {web['USER']} is a superuser, a member of the owner's role, or "
                "may create tables: that records are only ever appended then rests on "
                "triggers alone."
            )
        try:
            connections["default"].ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The web role cannot connect: {error}") from error

    def warn(self, text: str) -> None:
        """Say what an operator should know, without failing."""
        self.stderr.write(self.style.WARNING(text))


def migrate(owner: BaseDatabaseWrapper, verbosity: int = 0) -> None:
    """Bring the tables up to date, with what they call."""
    with as_owner():
        run_sql_files(owner, "before")
        call_command("migrate", database=owner.alias, verbosity=verbosity, interactive=False)


def seal_if_none_is() -> None:
    """Seal the releases of a version without seals; later, only `verify --seal-old` does.

    Where there are seals, a release without one is a finding, not to be covered up here.
    """
    with transaction.atomic():
        lock_releases()
        if not Seal.objects.exists():
            for _seal in seal_old_releases():
                pass


def make_role(owner: BaseDatabaseWrapper, name: str, password: str) -> None:
    """Create the web role unless it exists, if the owner may."""
    quoted = owner.ops.quote_name(name)
    with owner.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is not None:
            return
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            raise CommandError(
                f"The web role does not exist, and the owner may not create it. As a "
                f"superuser: CREATE ROLE {quoted} LOGIN PASSWORD '…';"
            )
        cursor.execute(f"CREATE ROLE {quoted} LOGIN PASSWORD %s", [password])


def outranks(owner: BaseDatabaseWrapper, web_role: str) -> bool:
    """Whether the web role could do what only the owner should."""
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') "
            "OR has_schema_privilege(rolname, 'public', 'CREATE') "
            "FROM pg_roles WHERE rolname = %s",
            [web_role],
        )
        return bool(cursor.fetchone()[0])
