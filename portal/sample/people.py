"""The sample's accounts, contacts and gateway users; every person is invented."""

import os
import re
import secrets
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import Group

from documents.models import GatewayAccess
from portal.kit.text import fold
from portal.sample.funds import FUNDS
from portal.sample.names import FAMILY, GIVEN, UN
from portal.sample.narrative import country_names
from portal.sample.story import ProjectPlan, dice
from projects.models import Contact, Fund, Organization, Project, User

ADMIN, STAFF, GATEWAY = "admin@example.org", "staff@example.org", "gateway@example.org"
HOW_TO = """
Staff sign in with a second factor too: enter the last word of the line as a new key in an
authenticator app, or let `oathtool --totp -b KEY` or this print the code of the moment:
.venv/bin/python manage.py code EMAIL
"""
NO_COORDINATOR = ("UN", "GLOBAL")


def make_accounts() -> dict[str, tuple[User, str]]:
    """The three accounts to sign in with, each with its password; staff have a second factor.

    What staff@ enters, admin@ releases: the sample's office has four eyes.
    """
    made = {}
    for email, given, family in (
        (ADMIN, "Alma", "Administrator"),
        (STAFF, "Stefan", "Staff"),
        (GATEWAY, "Gita", "Gateway"),
    ):
        password = secrets.token_urlsafe(16)
        create = User.objects.create_superuser if email == ADMIN else User.objects.create_user
        user = create(email, password, first_name=given, last_name=family)
        made[email] = (user, password)
    staff = made[STAFF][0]
    staff.is_staff = True
    staff.save(update_fields=["is_staff"])
    staff.groups.add(Group.objects.get(name="fund staff: enter"))
    for email in (ADMIN, STAFF):
        TOTP.activate(made[email][0], generate_totp_secret())
    return made


def second_factor(user: User) -> str:
    """The secret of the user's authenticator app, or "" where there is none."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return decrypt(factor.data["secret"]) if factor else ""


def write_passwords(path: Path, accounts: dict[str, tuple[User, str]]) -> None:
    """Keep the passwords where only the owner of the files reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        for email, (user, password) in accounts.items():
            secret = second_factor(user)
            file.write(f"{email}  {password}{f'  {secret}' if secret else ''}\n")
        file.write(HOW_TO)
    new.rename(path)


def store_gateway(gateway: User, projects: dict[str, Project]) -> None:
    """Gateway users of each organization, with and without consent to be named."""
    funds = {fund.code: fund for fund in Fund.objects.all()}
    organizations = {org.code: org for org in Organization.objects.filter(kind="un")}
    access = [
        GatewayAccess(user=gateway, fund=funds["UNA00"], valid_from=date(2015, 1, 1)),
        GatewayAccess(
            user=gateway, organization=organizations["UNDP"], valid_from=date(2016, 1, 1)
        ),
    ]
    gateway.organization = organizations["UNDP"]
    gateway.name_consent_on = date(2016, 1, 1)
    gateway.save(update_fields=["organization", "name_consent_on"])
    for number, org in enumerate(UN):
        for user in _officers(organizations[org.code], number):
            until = date(2024, 12, 31) if user.pk % 7 == 0 else None
            access.append(
                GatewayAccess(
                    user=user,
                    organization=organizations[org.code],
                    valid_from=date(2012 + number % 9, 3, 1),
                    valid_to=until,
                )
            )
    famous = User.objects.filter(organization__code="UNDP").exclude(pk=gateway.pk).first()
    project = projects["00102004"]
    access.append(GatewayAccess(user=famous, project=project, valid_from=date(2016, 9, 20)))
    GatewayAccess.objects.bulk_create(access)


def _officers(organization: Organization, number: int) -> Iterable[User]:
    for seat in range(1 + number % 2):
        given, family = _name("officer", number * 3 + seat)
        chance = dice(organization.code, seat, "consent")
        user = User(
            email=_address(given, family, organization.code),
            first_name=given,
            last_name=family,
            organization=organization,
            name_consent_on=date(2021, 5, 4) if chance.random() < 0.6 else None,
            email_consent_on=date(2021, 5, 4) if chance.random() < 0.3 else None,
        )
        user.set_unusable_password()
        user.save()
        yield user


def _name(what: str, number: int) -> tuple[str, str]:
    chance = dice(what, number)
    return GIVEN[number % len(GIVEN)], FAMILY[(number * 5 + chance.randrange(3)) % len(FAMILY)]


def _address(given: str, family: str, organization: str) -> str:
    local = re.sub("[^a-z.]", "", fold(f"{given}.{family}"))
    return f"{local}@{fold(organization)}.example.org"


def store_contacts(plans: list[ProjectPlan], projects: dict[str, Project]) -> None:
    """Offices and persons to turn to, for each project and fund."""
    managers = {spec.code: _name("manager", number) for number, spec in enumerate(FUNDS)}
    shorts = {org.code: org.short for org in UN}
    contacts = [
        _manager(Contact(fund=fund), fund.code, managers) for fund in Fund.objects.order_by("code")
    ]
    for plan in plans:
        project = projects[plan.number]
        code = "ML" if plan.number == "00102004" else plan.countries[0][0]
        if code not in NO_COORDINATOR and len(plan.countries) == 1:
            contacts.append(
                Contact(
                    project=project,
                    role=Contact.Role.COORDINATOR,
                    organization_name=f"UN Resident Coordinator’s office, {country_names()[code]}",
                    office_email=f"rco-{code.lower()}@example.org",
                )
            )
        contacts.append(_lead(project, plan, shorts))
        contacts.append(_manager(Contact(project=project), plan.fund, managers))
    Contact.objects.bulk_create(contacts)


def _lead(project: Project, plan: ProjectPlan, shorts: dict[str, str]) -> Contact:
    code = plan.organizations[0]
    given, family = _name("lead", int(plan.number) % 97)
    chance = dice(plan.number, "lead consent")
    return Contact(
        project=project,
        role=Contact.Role.LEAD_AGENCY,
        organization_name=shorts[code],
        office_email=f"projects@{fold(code)}.example.org",
        person_name=f"{given} {family}",
        person_email=_address(given, family, code),
        name_consent_on=date(2023, 10, 2) if chance.random() < 0.3 else None,
        email_consent_on=date(2023, 10, 2) if chance.random() < 0.15 else None,
    )


def _manager(contact: Contact, fund: str, managers: dict[str, tuple[str, str]]) -> Contact:
    given, family = managers[fund]
    contact.role = Contact.Role.PORTFOLIO_MANAGER
    contact.organization_name = "Sample Fund Office"
    contact.office_email = f"{fund.lower()}@example.org"
    contact.person_name = f"{given} {family}"
    contact.person_email = _address(given, family, "office")
    consent = dice(fund, "manager consent").random()
    contact.name_consent_on = date(2024, 1, 15) if consent < 0.7 else None
    contact.email_consent_on = date(2024, 1, 15) if consent < 0.4 else None
    return contact
