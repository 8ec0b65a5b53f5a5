"""A warning of a load."""

from finance.models import Load, LoadRemark


def remark(load: Load, code: str, line: int | None, value: object, message: str) -> LoadRemark:
    """A warning of the load, not saved."""
    return LoadRemark(
        load=load,
        severity=LoadRemark.Severity.WARNING,
        code=code,
        line=line,
        value=str(value),
        message=message,
    )
