"""What each web process does beside its answers: count them, and miss the worker."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error, close_old_connections, connection

from portal.health.answers import COUNTER
from portal.work.telling import tell_without_worker

log = logging.getLogger(__name__)
SECONDS = 15
# At a start of everything the worker may come last.
WORKER_ROUNDS = 20


def begin() -> None:
    """Go on until the process ends."""
    threading.Thread(target=_every_few_seconds, daemon=True).start()


def _every_few_seconds() -> None:
    rounds = 0
    while True:
        time.sleep(SECONDS)
        rounds += 1
        look_after(COUNTER.write_down)
        if rounds % WORKER_ROUNDS == 0:
            look_after(tell_without_worker)


def look_after(what: Callable[[], object]) -> None:
    """Do it; what is away is asked again in the next round."""
    close_old_connections()
    try:
        what()
    except Error:
        log.warning("The database is away")
    except OSError as error:
        log.warning("%s", error)
    finally:
        connection.close()
