"""One step of a measurement in a process of its own, so that its peak of memory is its own."""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.host.bench.exports import bare_excel, measure_export
from portal.host.bench.loading import measure


def main(step: str, path: Path, *more: int) -> None:
    """Do the step, and print its seconds and peak of memory in MB."""
    if step != "iterparse":
        import django

        django.setup()
    began = time.perf_counter()
    steps: dict[str, Callable[..., Any]] = {
        "load": _load,
        "vouchers": measure,
        "export": measure_export,
        "iterparse": _iterparse,
        "read-csv": _read,
        "read-xlsx": _read,
        "as_of": _as_of,
        "pages": _pages,
        "search": _search,
        "bare-xlsx": bare_excel,
    }
    done = steps[step](path, *more)
    result = done if isinstance(done, dict) else {"transactions": done}
    result |= {"seconds": time.perf_counter() - began, "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps(result))


def peak_mb() -> float:
    """This process's peak of memory in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike getrusage, which goes on counting from the process that started this one.
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


def _load(path: Path) -> int:
    from portal.iati.load import IatiLoad

    report = IatiLoad(path).run()
    return sum(count for count, _amount in report.in_file.values())


def _iterparse(path: Path) -> int:
    from lxml import etree

    count = 0
    for _event, element in etree.iterparse(str(path), tag="iati-activity"):
        count += len(element.findall("transaction"))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def _read(path: Path) -> dict[str, Any]:
    from portal.host.bench.spreadsheets import csv_cost, xlsx_cost

    cost = csv_cost(path) if path.suffix == ".csv" else xlsx_cost(path)
    return {"rows": cost.rows, "cpu": cost.seconds, "bare": cost.bare}


def _as_of(_folder: Path, projects: int) -> dict[str, Any]:
    from portal.host.bench.as_of import measure as measure_dates

    _fill(projects)
    return {"costs": [asdict(cost) for cost in measure_dates()]}


def _pages(_folder: Path, projects: int) -> dict[str, Any]:
    from portal.host.bench import files, pages
    from portal.host.bench.rows import as_json
    from portal.reporting.kept_reports import keep_reports

    _fill(projects)
    # As a worker has done before anybody looks.
    keep_reports()
    return {"rows": as_json([*pages.measure(), *files.measure()])}


def _fill(projects: int) -> None:
    """As many projects as asked for, unless a database that was kept has them already."""
    from django.db import connections

    from portal.host.bench.as_of import fill
    from projects.models import Project

    if there := Project.objects.count():
        if there != projects:
            raise RuntimeError(f"The database that was kept has {there:,} projects.")
        return
    fill(projects, say=lambda _line: None)
    with connections["owner"].cursor() as cursor:
        # As autovacuum does within a minute of such a load; the web's role may not.
        cursor.execute("ANALYZE")


def _search(_folder: Path, pages: int) -> dict[str, Any]:
    from portal.host.bench.searching import fill
    from portal.host.bench.searching import measure as measure_searches

    began = time.perf_counter()
    fill(pages)
    filled = time.perf_counter() - began
    return {"filled": filled, "costs": [asdict(cost) for cost in measure_searches()]}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
