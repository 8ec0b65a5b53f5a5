"""Command line of the embedded PostgreSQL."""

import argparse
import os
import sys

from . import Cluster, EmbeddedError, binary, ensure, remove, running, start, stop


def main(arguments: list[str] | None = None) -> int:
    """Start, stop, look at or remove the server, or run a command that needs it."""
    parser = argparse.ArgumentParser(prog="python -m portal.host.embedded", description=__doc__)
    actions = ("start", "stop", "status", "psql", "run", "remove")
    parser.add_argument("action", choices=actions)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="for psql and run")
    options = parser.parse_args(arguments)
    try:
        return _do(options.action, options.rest)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _do(action: str, rest: list[str]) -> int:
    cluster = Cluster.here()
    if action == "start":
        start(cluster)
    elif action == "stop":
        sys.stdout.write("stopped\n" if stop(cluster) else "was not running\n")
    elif action == "status":
        sys.stdout.write(f"{'running' if running(cluster) else 'stopped'}: {cluster.data}\n")
        return 0 if running(cluster) else 3
    elif action == "remove":
        remove(cluster)
    elif action == "psql":
        url = start(cluster)["DATABASE_OWNER_URL"]
        # The environment, unlike the command line, is not shown to other users.
        address, password = _without_password(url)
        os.environ["PGPASSWORD"] = password
        os.execv(binary("psql"), ["psql", address, *rest])  # noqa: S606
    elif rest:
        ensure()
        os.execvp(rest[0], rest)  # noqa: S606
    return 0


def _without_password(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition("://")
    login, _, address = rest.partition("@")
    user, _, password = login.partition(":")
    return f"{scheme}://{user}@{address}", password


if __name__ == "__main__":
    sys.exit(main())
