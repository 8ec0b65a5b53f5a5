"""Short digests of values, to compare by."""

import hashlib


def digest(*values: object) -> str:
    """A short digest of values."""
    text = "\x1f".join(["" if value is None else str(value) for value in values])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
