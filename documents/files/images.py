"""Pictures: rewritten without what they tell of place, camera and author, and nothing behind.

Only the containers are rewritten, never the picture itself, so that nothing is lost of it.
What follows a picture's end, where a second file could hide, is cut off.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from documents.files.kinds import JPEG, PNG, WEBP
from documents.files.refused import Refused

MAX_PIXELS = 120_000_000
_ORIENTATION = 0x0112
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))


def strip(source: Path, target: Path, kind: str) -> bool:
    """Write the picture without its metadata; whether there was any. Raises Refused."""
    orientation = _checked(source)
    write = {JPEG: _jpeg, PNG: _png, WEBP: _webp}[kind]
    try:
        with source.open("rb") as file, target.open("wb") as out:
            write(file, out, orientation)
    except (struct.error, IndexError) as error:
        raise Refused("truncated") from error
    _checked(target, whole=True)
    return source.stat().st_size != target.stat().st_size


def _checked(path: Path, whole: bool = False) -> int:
    """How the picture is turned (1 to 8); refuses what no program could show."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height * getattr(image, "n_frames", 1) > MAX_PIXELS:
                raise Refused("too-complex")
            if whole:
                image.load()
                return 1
            turned = image.getexif().get(_ORIENTATION, 1)
    except Refused:
        raise
    except Exception as error:
        # At a file made to break it, a reader of pictures may raise anything.
        raise Refused("truncated") from error
    return turned if isinstance(turned, int) and 1 <= turned <= 8 else 1


def _jpeg(file: BinaryIO, out: BinaryIO, orientation: int) -> None:
    out.write(file.read(2))
    if orientation != 1:
        # The smallest Exif: one entry, so that the picture stays upright.
        tiff = b"MM\0\x2a\0\0\0\x08\0\x01" + struct.pack(">HHIHHI", 0x0112, 3, 1, orientation, 0, 0)
        exif = b"Exif\0\0" + tiff
        out.write(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    for marker, body in _segments(file):
        kept = not 0xE1 <= marker <= 0xEF and marker != 0xFE
        kept = kept or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))
        kept = kept or (marker == 0xEE and body.startswith(b"Adobe"))
        if kept:
            out.write(bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body)
        if marker == 0xDA:
            _scan(file, out)
    out.write(b"\xff\xd9")


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    while True:
        lead = file.read(2)
        while lead[-1] == 0xFF:  # fill bytes
            lead = bytes((0xFF, file.read(1)[0]))
            if lead[1] != 0xFF:
                break
        if lead[0] != 0xFF:
            raise Refused("truncated")
        if lead[1] == 0xD9:
            return
        (length,) = struct.unpack(">H", file.read(2))
        body = file.read(length - 2) if length > 2 else b""
        if len(body) != max(0, length - 2):
            raise Refused("truncated")
        yield lead[1], body


def _scan(file: BinaryIO, out: BinaryIO) -> None:
    """Copy coded data up to the next marker, and leave the file before it."""
    while piece := file.read(1 << 16):
        at = 0
        while (at := piece.find(b"\xff", at)) >= 0:
            if at + 1 == len(piece):
                piece += file.read(1)
                if at + 1 == len(piece):
                    raise Refused("truncated")
            follows = piece[at + 1]
            if follows not in (0x00, 0xFF) and not 0xD0 <= follows <= 0xD7:
                out.write(piece[:at])
                file.seek(at - len(piece), 1)
                return
            at += 1 if follows == 0xFF else 2
        out.write(piece)
    raise Refused("truncated")


def _png(file: BinaryIO, out: BinaryIO, _orientation: int) -> None:
    out.write(file.read(8))
    while True:
        length, kind = struct.unpack(">I4s", file.read(8))
        body = file.read(length)
        check = file.read(4)
        if len(body) != length or len(check) != 4:
            raise Refused("truncated")
        if kind in _PNG_KEPT:
            out.write(struct.pack(">I4s", length, kind) + body + check)
        if kind == b"IEND":
            return


def _webp(file: BinaryIO, out: BinaryIO, _orientation: int) -> None:
    _riff, size, _webp = struct.unpack("<4sI4s", file.read(12))
    end, chunks = 8 + size, []
    while file.tell() < end:
        kind, length = struct.unpack("<4sI", file.read(8))
        body = file.read(length)
        if len(body) != length:
            raise Refused("truncated")
        file.read(length % 2)
        if kind == b"VP8X":
            # Without the flags of Exif and XMP.
            body = bytes((body[0] & ~0b1100,)) + body[1:]
        if kind in _WEBP_KEPT:
            chunks.append(struct.pack("<4sI", kind, length) + body + b"\0" * (length % 2))
    data = b"".join(chunks)
    out.write(struct.pack("<4sI4s", b"RIFF", len(data) + 4, b"WEBP") + data)
