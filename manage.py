#!/usr/bin/env python
"""Django's command line; without DATABASE_URL it works on the embedded PostgreSQL."""

import os
import sys


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed here: run `make demo` once, then .venv/bin/python.")

    from portal.host import demo, embedded

    if not os.environ.get("DATABASE_URL"):
        if not os.environ.get("SECRET_KEY"):
            if not demo.is_here():
                sys.exit(demo.NOTHING_SET)
            demo.use_environment()
        try:
            embedded.ensure()
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
