"""From the administration to the public page of a thing."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect


def on_site(_request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """The public page, where there is one; in the place of Django's own way there.

    That one fails over keys of another form and tables that the web's role may not read.
    """
    kind = ContentType.objects.filter(pk=content_type_id).first()
    model = kind.model_class() if kind else None
    if model is None or not hasattr(model, "get_absolute_url"):
        raise Http404
    try:
        found = get_object_or_404(model._default_manager, pk=object_id)
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    return redirect(found)
