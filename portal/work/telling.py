"""Mail to the administrators when something is wrong: once for each matter, while it lasts."""

from django.conf import settings
from django.core.mail import EmailMessage
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
from projects.models import Office, User


def tell_administrators() -> int:
    """Mail what they were not told of yet; what is mended is forgotten. How many were told of.

    In the office's first language, for what is found is said once to all.
    """
    with speaking(language_for(None, Office.current())):
        return _tell_all()


def _tell_all() -> int:
    found = [trouble for check in WATCHED for trouble in check.troubles()]
    told = {trouble.key: trouble for trouble in found if trouble.tell}
    ToldMatter.objects.exclude(key__in=told).delete()
    people = list(
        User.objects.filter(is_superuser=True, is_active=True)
        .exclude(email="")
        .values_list("email", flat=True)
    )
    if not people:
        return 0
    return sum(_tell(trouble, people) for trouble in told.values())


def _tell(trouble: Trouble, people: list[str]) -> bool:
    """Of several processes that find it at once, one tells."""
    with transaction.atomic():
        _matter, is_new = ToldMatter.objects.get_or_create(key=trouble.key[:200])
        if is_new:
            office = Office.current()
            subject = _("%(portal)s: something is wrong") % {"portal": office.portal_name}
            page = f"{settings.SITE_URL}{reverse('staff-health')}"
            said = _("All that is known of how the portal runs: %(page)s") % {"page": page}
            more = _("You get no second mail of this until it was mended and comes again.")
            text = "\n\n".join(filter(None, (trouble.said, trouble.mend, said, more)))
            for address in people:
                EmailMessage(subject, text, to=[address]).send()
    return is_new


def tell_without_worker() -> None:
    """From a web process, while no worker runs: then nobody else tells, or sends what waits."""
    if said_of_worker(MISSED_AFTER):
        tell_administrators()
        send_due()
