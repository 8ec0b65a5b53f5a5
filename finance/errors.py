"""The error of whatever takes money in; it stands alone, for readers of files know no model."""


class LoadError(Exception):
    """A load cannot be taken in; its text says where and why."""
