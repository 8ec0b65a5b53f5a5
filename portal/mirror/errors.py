"""What keeps a copy from being made."""


class MirrorError(RuntimeError):
    """No copy was made, and the one before stays; the text says why."""
