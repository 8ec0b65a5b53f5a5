"""What the cluster begins with: a small portfolio and two people. Run as a program.

Prints what the test has to know, as JSON.
"""

import json
import sys

import django

NUMBER, FUND = "00999300", "CLUSTER"
# Pages that anybody may read as often as they like; each is drawn anew after each release.
READ = (
    "home", "project-list", "fund-list", "organization-list", "load-list", "glossary", "data",
    "factsheet", "fund", "organization", "voucher",
)  # fmt: skip


def main() -> None:
    """Store it and print it."""
    django.setup()

    from documents.models import Document
    from portal.management.commands.sample import Command
    from portal.sample.portfolio import FAMOUS, invent
    from projects.models import User
    from tests.factories import FundFactory, OrganizationFactory, ProjectFactory, SourceFactory

    plan = next(plan for plan in invent() if plan.number == FAMOUS)
    Command(stdout=sys.stderr).store([plan], [])
    project = ProjectFactory(number=NUMBER, fund=FundFactory(code=FUND))
    payee = OrganizationFactory(code="CLUSTER-PAYEE")
    source = SourceFactory(code="cluster", name="Ledger of the cluster")
    clerk = User.objects.create_superuser("clerk@cluster.example.org", None)
    chief = User.objects.create_superuser("chief@cluster.example.org", None)
    document = Document.objects.public().filter(url="")[0]
    pages = pages_of(FAMOUS)
    json.dump(
        {
            "pages": [*pages, project.get_absolute_url(), "/api/v1/projects/"],
            "file": document.get_absolute_url(),
            "line": f"2016-09-15,{FUND},{payee.code},{project.number},10,USD",
            "source": source.pk,
            "sessions": [session_of(person) for person in (clerk, chief)],
        },
        sys.stdout,
    )


def pages_of(number: str) -> list[str]:
    """The addresses of READ."""
    from django.urls import reverse

    from finance.models import VoucherLine
    from projects.models import Project

    project = Project.objects.get(number=number)
    found = {
        "home": "/",
        "factsheet": project.get_absolute_url(),
        "fund": project.fund.get_absolute_url(),
        "organization": reverse("organization", args=["UNDP"]),
        "voucher": VoucherLine.objects.filter(project=project)[0].voucher.get_absolute_url(),
    }
    return [found.get(name) or reverse(name) for name in READ]


def session_of(person: object) -> str:
    """The key of a session that has given its second factor."""
    from django.test import Client

    from projects.models import User

    assert isinstance(person, User)
    client = Client()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp"}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main()
