"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# What a start makes stays: nothing of it is garbage, neither now nor while pages are drawn.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()

from django.conf import settings  # noqa: E402 – once Django is set up

from portal.about.versions import code_version  # noqa: E402
from portal.health.database import remember_code  # noqa: E402
from portal.work import beside  # noqa: E402

remember_code()
if settings.REDIS_URL:
    # Pages of several machines are kept by it: the files may be of the next version soon.
    code_version()
beside.begin()
