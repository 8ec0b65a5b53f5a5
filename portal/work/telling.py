"""Mail to the administrators when something is wrong: once for each matter, while it lasts."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.health.checks import WATCHED
from portal.health.trouble import Trouble
from portal.health.work import MISSED_AFTER
from portal.health.worker_seen import said_of_worker
from portal.kit.web.languages import language_for, speaking
from portal.models import ToldMatter
from portal.work.mail import send_due
from projects.letters import letter
from projects.models import Office, User


def tell_administrators() -> int:
    """Mail what they were not told of yet; what is mended is forgotten. How many were told of."""
    office = Office.current()
    people: dict[str, list[str]] = {}
    for user in User.objects.filter(is_superuser=True, is_active=True).exclude(email=""):
        people.setdefault(language_for(user, office), []).append(user.email)
    found = {language: _troubles(language) for language in people or [language_for(None, office)]}
    keys = {key for troubles in found.values() for key in troubles}
    ToldMatter.objects.exclude(key__in=keys).delete()
    return sum(_tell(key, found, people) for key in sorted(keys)) if people else 0


def _troubles(language: str) -> dict[str, Trouble]:
    """What is to be told, by its key, in words of the language."""
    with speaking(language):
        found = [trouble for check in WATCHED for trouble in check.troubles()]
    return {trouble.key[:200]: trouble for trouble in found if trouble.tell}


def _tell(key: str, found: dict[str, dict[str, Trouble]], people: dict[str, list[str]]) -> bool:
    """Of several processes that find it at once, one tells; each person in their own language."""
    with transaction.atomic():
        _matter, is_new = ToldMatter.objects.get_or_create(key=key)
        if is_new:
            for language, addresses in people.items():
                # Mended between two looks: nothing to tell.
                if trouble := found[language].get(key):
                    with speaking(language):
                        _mail(trouble, addresses)
    return is_new


def _mail(trouble: Trouble, addresses: list[str]) -> None:
    page = f"{settings.SITE_URL}{reverse('staff-health')}"
    said = _("All that is known of how the portal runs: %(page)s") % {"page": page}
    more = _("You get no second mail of this until it was mended and comes again.")
    text = (trouble.said, trouble.mend, said, more)
    for address in addresses:
        letter(address, _("something is wrong"), text).send()


def tell_without_worker() -> None:
    """From a web process, while no worker runs: then nobody else tells, or sends what waits."""
    if said_of_worker(MISSED_AFTER):
        tell_administrators()
        send_due()
