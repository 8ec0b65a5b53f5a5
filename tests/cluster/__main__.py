"""`make cluster-test`: the portal on several machines, whose parts are killed one after the other.

Everything runs on this host, each machine at a loopback address of its own: nginx, two web
machines (gunicorn, a worker, pgbouncer), PostgreSQL with a streaming replica, Redis, a server of
the S3 kind. Meanwhile readers read and two people enter and release files. Ends with 1 where a
read failed twice, a release was lost or came twice, or something did not come back.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cluster.parts import Failed
from tests.cluster.postgres import folder_for_all
from tests.cluster.story import Story


def main() -> int:
    """Tell the story; 1 where it does not end well."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--readers", type=int, default=3, help="how many read at a time")
    parser.add_argument("--rows", type=int, default=2000, help="lines of each file that is loaded")
    parser.add_argument("--reads", type=int, default=100, help="reads after each kill, at least")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--keep", action="store_true", help="leave logs where they are")
    options = parser.parse_args()
    # Ended from outside it cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    folder = folder_for_all(Path(tempfile.mkdtemp(prefix="portal-cluster-")))
    story = Story(folder, readers=options.readers, rows=options.rows, reads=options.reads)
    is_well = False
    try:
        story.tell()
        is_well = True
    except Failed as fault:
        story.say(f"FAILED: {fault}")
    finally:
        story.close()
        if options.json:
            options.json.parent.mkdir(parents=True, exist_ok=True)
            options.json.write_text(json.dumps(story.figures, indent=1))
        if is_well and not options.keep:
            subprocess.run(["rm", "-rf", str(folder)], check=True)
        else:
            story.say(f"Logs are in {folder}")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
