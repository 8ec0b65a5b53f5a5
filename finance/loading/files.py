"""A file on this machine, taken in at one go: received, checked and, unless faulty, released."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.loading.services import check_load, receive_load, release_load
from finance.models import Load, LoadRemark, Source
from projects.models import User

SHOWN = 20


def load_file(
    path: Path,
    *,
    source: Source,
    kind: str,
    by: User | None = None,
    check_only: bool = False,
    decide: Callable[[Load], None] | None = None,
    **how: Any,
) -> Load:
    """Receive the file, check it and release it in the name of `by`, the second person.

    how: as `receive_load` takes it, with `entered_by` for the person who enters it.
    Raises LoadError with the first errors by row; the load then stays, faulty, with all of
    them. Warnings count as acknowledged by whoever releases from the command line; `decide`
    is asked before, and may raise LoadError: then the load waits, checked.
    """
    entered_by = how.pop("entered_by", None)
    moment = how.pop("moment", None)
    with path.open("rb") as file:
        load = receive_load(
            source=source, kind=kind, content=File(file), name=path.name, by=entered_by, **how
        )
    check_load(load)
    if load.state == Load.State.FAULTY:
        raise LoadError(faults_in_words(load))
    if check_only:
        return load
    if decide is not None:
        decide(load)
    load.acknowledged = list(
        load.remarks.order_by("code").values_list("code", flat=True).distinct()
    )
    load.acknowledged_by = load.withdrawal_confirmed_by = by
    load.save(update_fields=["acknowledged", "acknowledged_by", "withdrawal_confirmed_by"])
    return release_load(load=load, by=by, moment=moment)


def faults_in_words(load: Load) -> str:
    """The first errors of a faulty load, one a line, each with file, row, column and value."""
    errors = load.remarks.filter(severity=LoadRemark.Severity.ERROR)
    lines = [in_words(load, remark) for remark in errors[:SHOWN]]
    if (more := errors.count() - SHOWN) > 0:
        lines.append(_("… and %(count)s more.") % {"count": more})
    return "\n".join(lines)


def in_words(load: Load, remark: LoadRemark) -> str:
    """One remark: file, row, column, value, what is wrong, what to do."""
    if remark.line is None:
        return " ".join(filter(None, (remark.message, remark.advice)))
    where = _("%(file)s, row %(row)s") % {"file": load.file_name, "row": remark.line}
    if remark.column:
        where += f", {remark.column}"
    value = f" “{remark.value}”" if remark.value else ""
    return f"{where}:{value} {remark.message}. {remark.advice}".strip()
