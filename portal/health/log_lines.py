"""How the portal logs: a line for each event, with the number of its request."""

from typing import Any

import structlog

_RENDERERS = {
    "json": structlog.processors.JSONRenderer(),
    "text": structlog.dev.ConsoleRenderer(colors=False),
}


def logging_of(form: str, level: str) -> dict[str, Any]:
    """Django's `LOGGING`: lines of that form ("json", or "text" for people), from that level on.

    Raises KeyError for another form.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": _RENDERERS[form],
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.ExtraAdder(["method", "page", "status", "ms"]),
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.processors.format_exc_info,
                ],
            },
        },
        "filters": {
            "nothing there": {"()": "portal.kit.web.logs.NothingThere"},
            "by pattern": {"()": "portal.kit.web.logs.PagesByPattern"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["by pattern"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # WeasyPrint warns of every CSS property that only browsers know.
        "loggers": {
            "django.request": {"filters": ["nothing there"]},
            "portal.security": {"level": "INFO"},
            "portal.requests": {"level": "INFO"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
