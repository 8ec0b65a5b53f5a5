"""Processes that help to write a copy: each draws pages that nobody else draws, of one moment."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from portal.mirror.errors import MirrorError


class Work(NamedTuple):
    """What a process needs to know to help."""

    folder: Path
    register: Path
    language: str
    moment: datetime
    snapshot: str


@contextmanager
def helped(work: Work, count: int) -> Iterator[None]:
    """So many processes help within; at its end they are done. Raises MirrorError if one failed."""
    context = multiprocessing.get_context("spawn")
    helpers = [context.Process(target=help_out, args=(work,)) for _number in range(count)]
    for one in helpers:
        one.start()
    try:
        yield
        for one in helpers:
            one.join()
    finally:
        for one in helpers:
            one.terminate()
            one.join()
    if any(one.exitcode for one in helpers):
        raise MirrorError("A process that helped failed; it said above why.")


def help_out(work: Work) -> None:
    """Write files until none waits; the first thing that this process does."""
    import django

    django.setup()
    from portal.kit.web.languages import speaking
    from portal.mirror.making import Making
    from portal.mirror.moment import one_moment, told_of
    from portal.mirror.register import Register

    register = Register(work.register)
    try:
        with one_moment(work.snapshot), speaking(work.language):
            making = Making(work.folder, register, work.language, told_of(work.moment))
            making.write_all(lambda _text: None)
    finally:
        register.close()
