"""What each web process does beside its answers: write down how many there were."""

import logging
import threading
import time

from django.db import Error, close_old_connections, connection

from portal.health.answers import COUNTER

log = logging.getLogger(__name__)
SECONDS = 15


def begin() -> None:
    """Go on until the process ends."""
    threading.Thread(target=_every_few_seconds, daemon=True).start()


def _every_few_seconds() -> None:
    while True:
        time.sleep(SECONDS)
        look_after()


def look_after() -> None:
    """One round; a database that is away is asked again in the next."""
    close_old_connections()
    try:
        COUNTER.write_down()
    except Error:
        log.warning("The database is away")
    finally:
        connection.close()
