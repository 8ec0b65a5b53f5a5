"""With how many processes and threads a machine answers; read before anything of Django is."""

import os

# Two cores carry two processes; each thread holds one connection to the database.
WORKERS = int(os.environ.get("WEB_WORKERS", "2"))
THREADS = int(os.environ.get("WEB_THREADS", "8"))
