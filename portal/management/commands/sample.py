"""`manage.py sample`: the sample portfolio, invented but whole, into an empty portal."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from finance.models import Load
from finance.reports.editions import publish_edition
from portal.host.reference import load_reference_data
from portal.sample import entities, people
from portal.sample.arrivals import FIRST_YEAR, arrival_files
from portal.sample.ledger import ledger_files
from portal.sample.papers import FAMOUS, store_documents, store_drafts
from portal.sample.portfolio import invent
from portal.sample.reports import report_files
from portal.sample.store import Store
from portal.sample.story import PRESENT, ProjectPlan
from projects.models import Fund, Office, Project, User

ACCOUNTS = "sample-accounts.txt"


class Command(BaseCommand):
    """Store the sample portfolio in one transaction."""

    help = "Fill an empty portal with the sample portfolio: invented funds, projects, figures."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let `make demo` call it every time."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are projects"
        )

    def handle(self, *_args: Any, if_empty: bool, **_options: Any) -> None:
        """Refuse what would mix invented with real data; else store everything or nothing."""
        if Project.objects.exists():
            if if_empty:
                return
            raise CommandError("There are projects already; the sample goes into an empty portal.")
        refuse_real_data()
        files: list[str] = []
        self.say("Inventing the sample portfolio …")
        try:
            with transaction.atomic():
                accounts = self.store(invent(), files)
                people.write_passwords(settings.VAR_DIR / ACCOUNTS, accounts)
        except BaseException:
            # Ctrl-C too: the database forgets all of it, so no file may stay.
            for name in files:
                default_storage.delete(name)
            raise
        self.say("Sign in with (also in {}):", settings.VAR_DIR / ACCOUNTS)
        for email, (_user, password) in accounts.items():
            self.say("  {}  {}", email, password)
        self.say("Staff need a code, too: manage.py code EMAIL")

    def store(self, plans: list[ProjectPlan], files: list[str]) -> dict[str, tuple[User, str]]:
        """Everything; the names of files written go into `files` at once."""
        load_reference_data()
        name_office()
        accounts = people.make_accounts()
        entities.store_organizations()
        entities.store_funds()
        projects = entities.store_projects(plans)
        entities.give_true_country(projects)
        people.store_contacts(plans, projects)
        gateway = accounts[people.GATEWAY][0]
        people.store_gateway(gateway, projects)
        self.say("{} projects of {} funds.", len(plans), len({plan.fund for plan in plans}))
        self.load(plans, files, accounts)
        count = 0
        for name in store_documents(plans, projects, gateway):
            files.append(name)
            count += 1
        if FAMOUS in projects:
            files.extend(store_drafts(projects[FAMOUS], gateway))
        self.say("{} files of documents.", count)
        return accounts

    def load(self, plans: list, files: list[str], accounts: dict) -> None:
        """All source files, in the order in which they were released."""
        store = Store(received_by=accounts[people.STAFF][0], released_by=accounts[people.ADMIN][0])
        store.files = files
        sources = [*ledger_files(plans), *report_files(plans), entities.register_file(plans)]
        sources += arrival_files(plans)
        # In a part of the portfolio a period may have no rows.
        sources = [file for file in sources if file.rows]
        sources.sort(key=lambda file: (file.released, file.name))
        year, count = 0, 0
        for file in sources:
            if file.released.year != year:
                if year:
                    self.say("{}: {} loads", year, count)
                year, count = file.released.year, 0
            store.load(file)
            count += 1
        self.say("{}: {} loads", year, count)
        self.publish(accounts[people.ADMIN][0])

    def publish(self, by: User) -> None:
        """The annual reports of the last three years, each on the last day of May."""
        count = 0
        for fund in Fund.objects.order_by("code"):
            for year in range(PRESENT.year - 3, PRESENT.year):
                known = date(year + 1, 5, 31)
                is_running = fund.ends_on is None or fund.ends_on.year >= year
                if is_running and known < timezone.localdate():
                    publish_edition(fund=fund, year=year, as_of=known, by=by)
                    count += 1
        self.say("{} annual reports.", count)

    def say(self, text: str, *values: object) -> None:
        """One line of progress, shown at once."""
        self.stdout.write(text.format(*values))
        self.stdout.flush()


def refuse_real_data() -> None:
    """Stop where loads exist that are not the sample's."""
    office = Office.current()
    if not office.sample and Load.objects.exists():
        raise CommandError("There are loads of real data here; the sample must not mix with them.")


def name_office() -> None:
    """Say on every page that this is a sample."""
    office = Office.current()
    office.name = "Sample Fund Office"
    office.short_name = "Sample Office"
    office.portal_name = "Open Funds"
    office.sample = True
    office.reports_from = FIRST_YEAR
    office.iati_org_id = "XX-SAMPLE-OFFICE"
    office.iati_publisher = "sample-office"
    for name, who in zip(Office.ADDRESSES, ("office", "feedback", "integrity"), strict=True):
        setattr(office, name, f"{who}@example.org")
    office.save()
