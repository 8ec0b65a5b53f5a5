"""All checks, and who makes which: probes, the page and its mails, doctor."""

from portal.health.database import DATABASE, MIGRATIONS, OWNER, PREPARED, RIGHTS, SERVER
from portal.health.keeping import BACKUP, STAMPS, VERIFY
from portal.health.outside import (
    CERTIFICATE,
    CERTIFICATE_SEEN,
    MAIL,
    MAIL_SERVER,
    REDIS,
    SCANNER,
    SCANNER_TRIED,
)  # fmt: skip
from portal.health.setup import PACKAGES, SETTINGS, STATIC
from portal.health.storage import DISKS, REACHED, WRITABLE
from portal.health.trouble import Check
from portal.health.work import JOBS, QUEUE, WORKER

# Without these no page can be answered.
READY: tuple[Check, ...] = (DATABASE, MIGRATIONS, REACHED)
# Looked at each minute, by the page and by Prometheus: none takes long or changes anything.
WATCHED: tuple[Check, ...] = (
    *READY, PREPARED, DISKS, REDIS, CERTIFICATE_SEEN, WORKER, QUEUE, JOBS, MAIL, SCANNER, VERIFY,
    STAMPS, BACKUP,
)  # fmt: skip
# Only when somebody asks: these try things out.
DOCTOR: tuple[Check, ...] = (
    DATABASE, OWNER, MIGRATIONS, PREPARED, RIGHTS, SERVER, SETTINGS, REACHED, WRITABLE, DISKS,
    REDIS, STATIC, PACKAGES, CERTIFICATE, WORKER, QUEUE, JOBS, MAIL_SERVER, MAIL, SCANNER_TRIED,
    VERIFY, STAMPS, BACKUP,
)  # fmt: skip
