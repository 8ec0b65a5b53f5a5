"""A receipt by e-mail for what was uploaded."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Upload
from portal.kit.web.languages import language_for, speaking
from portal.kit.web.priorities import AWAITED
from projects.letters import letter
from projects.models import Office


@task(priority=AWAITED)
def mail_receipt(upload_id: str) -> str:
    """Tell the uploader what arrived, when, with which digest, and where it stands."""
    related = ("by", "project", "fund", "version__document", "type")
    upload = Upload.objects.select_related(*related).filter(pk=upload_id).first()
    if upload is None or upload.size is None:
        return ""
    document = upload.version.document if upload.version else None
    with speaking(language_for(upload.by, Office.current())):
        context = {
            "upload": upload,
            "title": document.title if document else upload.title,
            "of": upload.project.number if upload.project else upload.fund,
            "state": document.get_state_display() if document else upload.get_state_display(),
            "url": settings.SITE_URL,
            "document": document,
        }
        text = render_to_string("gateway/receipt.txt", context).strip()
        subject = _("Received: %(title)s") % {"title": context["title"]}
        letter(upload.by.email, subject, [text]).send()
    return "sent"
