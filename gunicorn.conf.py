"""How the site is served: `gunicorn portal.wsgi` in the checkout reads this file by itself.

What stands in the environment goes first; docs/running.md has the proxy that belongs in front.
"""

import os
import sys
from typing import Any

# The main process reads this anew on each reload: after an upgrade the processes that it makes
# must not find modules of the version before.
for name in [name for name in sys.modules if name.partition(".")[0] == "portal"]:
    del sys.modules[name]

from portal.kit.web.processes import THREADS, WORKERS  # noqa: E402

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers, threads = WORKERS, THREADS
worker_class = "portal.host.web_worker.WebWorker"
# A process that does not even say that it lives is ended; a long export is no such process.
timeout = 120
graceful_timeout = 30
keepalive = 5
# Processes are made anew now and then, not all at once: what leaks does not add up.
max_requests = 2000
max_requests_jitter = 500
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Say what a proxy in front would lack."""
    https = os.environ.get("SITE_URL", "").startswith("https:")
    if https and not int(os.environ.get("TRUSTED_PROXIES") or 0):
        server.log.warning(
            "TRUSTED_PROXIES is not set: all visitors behind the proxy count as one, and one "
            "stranger can use up everybody's attempts to sign in. See docs/running.md."
        )
