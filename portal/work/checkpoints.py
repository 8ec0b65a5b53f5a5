"""Signing the chain of seals after each release, where the office has a key."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from finance.models import Seal
from portal.models import Checkpoint
from portal.package.checkpoints import key_text, read_key, root_of, signed_note
from portal.package.evidence import is_signed


def sign_due_checkpoint() -> Checkpoint | None:
    """Sign what was sealed since the last checkpoint, or since the key changed."""
    found = office_key()
    if found is None:
        return None
    name, private = found
    key, hashes = key_text(name, private), _hashes()
    if not hashes or Checkpoint.objects.filter(size=len(hashes), key=key).exists():
        return None
    note = signed_note(name, hashes, private)
    return Checkpoint.objects.create(size=len(hashes), note=note, key=key)


def office_key() -> tuple[str, Ed25519PrivateKey] | None:
    """The key by which the office signs, with its name; None where it has none."""
    if not settings.SEAL_KEY_FILE:
        return None
    name = f"{urlsplit(settings.SITE_URL).netloc}/seals"
    return name, read_key(Path(settings.SEAL_KEY_FILE))


def _hashes() -> list[str]:
    return list(Seal.objects.order_by("number").values_list("hash", flat=True))


def check_checkpoints(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """Each checkpoint that is not signed, or that the seals of today do not lead to, in words."""
    hashes = _hashes()
    checkpoints = list(Checkpoint.objects.order_by("pk"))
    for done, one in enumerate(checkpoints):
        progress(_("signed checkpoints"), done, len(checkpoints))
        text, _gap, signatures = one.note.partition("\n\n")
        root = text.split("\n")[2]
        if root != root_of(hashes[: one.size]) or not is_signed(f"{text}\n", signatures, one.key):
            yield _("The checkpoint of %(size)s seals is not that of the seals there are.") % {
                "size": one.size
            }
