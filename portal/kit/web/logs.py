"""What of Django's own log is kept."""

import logging

_NOTHING_THERE = frozenset({404, 410})


class NothingThere(logging.Filter):
    """Leaves out addresses at which nothing is: they may be the name of what is withheld."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        return getattr(record, "status_code", None) not in _NOTHING_THERE
