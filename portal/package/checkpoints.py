"""Signed checkpoints: the root over all seals, in a form that others keep and check.

The form is that of C2SP: a tlog-checkpoint (origin, size, root) as a signed note (Ed25519). The
leaves of the tree are the hashes of seals, in their order; `portal/package/evidence.py` checks it.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from portal.package.evidence import tree_hash

_ED25519 = b"\x01"


def root_of(hashes: Sequence[str]) -> str:
    """The root of the tree over these hashes of seals."""
    return base64.b64encode(tree_hash([bytes.fromhex(one) for one in hashes])).decode()


def read_key(path: Path) -> Ed25519PrivateKey:
    """The office's key, from a PEM file. Raises ValueError where it is of another kind."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key.")
    return key


def key_text(name: str, key: Ed25519PrivateKey) -> str:
    """The public half as NAME+ID+KEY, which whoever checks has to know."""
    public = _ED25519 + key.public_key().public_bytes_raw()
    return f"{name}+{_key_id(name, public).hex()}+{base64.b64encode(public).decode()}"


def signed_note(name: str, hashes: Sequence[str], key: Ed25519PrivateKey) -> str:
    """The checkpoint over these seals, signed."""
    return signed_text(name, f"{name}\n{len(hashes)}\n{root_of(hashes)}\n", key)


def signed_sums(name: str, version: str, sha256: str, key: Ed25519PrivateKey) -> str:
    """That a package of this name has files with these sums, signed; no checkpoint begins so."""
    host = name.partition("/")[0]
    return signed_text(name, f"{host}/packages\n{version}\nsha256:{sha256}\n", key)


def signed_text(name: str, text: str, key: Ed25519PrivateKey) -> str:
    """The text as a signed note."""
    public = _ED25519 + key.public_key().public_bytes_raw()
    signature = base64.b64encode(_key_id(name, public) + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
