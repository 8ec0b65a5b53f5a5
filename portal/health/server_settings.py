"""What PostgreSQL's own settings are, and what to set them to: said by `prepare`, in plain words.

As installed, PostgreSQL is set for a small machine with slow disks.
"""

from collections.abc import Iterator, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

_MB = 1 << 20
# A worker holds two connections; `prepare`, a backup and a person at the console need some too.
_BESIDE = 10
_SIZES = ("shared_buffers", "work_mem", "effective_cache_size")
_NUMBERS = ("random_page_cost", "max_connections", "superuser_reserved_connections")


def read_settings(connection: BaseDatabaseWrapper) -> dict[str, float]:
    """The settings looked at; sizes in bytes, switches as 1 or 0."""
    columns = [f"pg_size_bytes(current_setting('{name}'))" for name in _SIZES]
    columns += [f"current_setting('{name}')::float" for name in _NUMBERS]
    columns.append("(current_setting('jit')::bool)::int")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}")
        return dict(zip((*_SIZES, *_NUMBERS, "jit"), map(float, cursor.fetchone()), strict=True))


def remarks(found: Mapping[str, float], *, web_threads: int) -> Iterator[str]:
    """What should be set otherwise, and why."""
    buffers, cache = found["shared_buffers"], found["effective_cache_size"]
    if buffers < 256 * _MB:
        yield (
            f"shared_buffers is {_in_mb(buffers)}: set it to a quarter of the server's memory, "
            "at least 256MB, so that tables and indexes stay in memory."
        )
    if found["work_mem"] < 16 * _MB:
        yield (
            f"work_mem is {_in_mb(found['work_mem'])}: set it to 16MB or more, so that lists are "
            "sorted in memory and not on disk."
        )
    if cache < 2 * buffers or cache < 1024 * _MB:
        yield (
            f"effective_cache_size is {_in_mb(cache)}: set it to half of the server's memory, at "
            "least 1GB and twice shared_buffers; it reserves nothing, and lets indexes be used."
        )
    if found["random_page_cost"] > 2:
        yield (
            f"random_page_cost is {found['random_page_cost']:g}: set it to 1.1 unless the data "
            "lies on spinning disks, so that indexes are used."
        )
    if found["jit"]:
        yield "jit is on: set it to off; compiling takes longer than the statements of pages do."
    free = found["max_connections"] - found["superuser_reserved_connections"]
    if free < web_threads + _BESIDE:
        yield (
            f"max_connections is {found['max_connections']:g}: each of the {web_threads} web "
            f"threads of a machine (WEB_WORKERS × WEB_THREADS) holds one, workers and commands "
            f"about {_BESIDE}; set it higher, or have fewer threads, or put pgbouncer between."
        )


def _in_mb(size: float) -> str:
    return f"{size / _MB:g}MB"
