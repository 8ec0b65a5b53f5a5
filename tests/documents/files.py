"""Small files, good and hostile, made here so that none lies in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from PIL import Image

from portal.sample.pdf import one_page

# In two halves, or scanners would take this source for the test virus.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def pdf(*lines: str, title: str = "Annual narrative report 2024") -> bytes:
    """A sound PDF of one page."""
    return one_page(title, list(lines) or ["The report of the project and of the fund."])


def pdf_with(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A PDF that `change` was done to."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx_parts(
    *paragraphs: str, body: str = "", type_: str = _DOCX_TYPE, **more: str | bytes
) -> dict[str, str | bytes]:
    """The parts of a sound Word file."""
    text = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{type_}"/></Types>'
        ),
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": f"<w:document {_W}><w:body>{text}{body}</w:body></w:document>",
        **more,
    }


def docx(*paragraphs: str, **options: Any) -> bytes:
    """A sound Word file."""
    return package(docx_parts(*paragraphs, **options))


def odt(*paragraphs: str, content: str = "", **more: str | bytes) -> bytes:
    """A sound OpenDocument text."""
    text = "".join(f"<text:p>{p}</text:p>" for p in paragraphs)
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"'
    )
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {spaces}>{content}<office:body>"
            f"<office:text>{text}</office:text></office:body></office:document-content>",
            **more,
        }
    )


def picture(kind: str = "JPEG", **options: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def picture_with_place(kind: str = "JPEG") -> bytes:
    """A picture that tells where it was taken, and which way up it is."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ms Secret"
    exif.get_ifd(0x8825).update({1: "N", 2: (12.0, 34.0, 56.0), 3: "E", 4: (1.0, 2.0, 3.0)})
    return picture(kind, exif=exif)


def zip_bomb() -> bytes:
    """A docx of some kilobytes that unpacks to 450 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in docx_parts("x").items():
            archive.writestr(name, content)
        with archive.open("word/media/image1.bmp", "w") as part:
            for _ in range(450):
                part.write(bytes(1 << 20))
    return out.getvalue()


def overlapping_zip() -> bytes:
    """Many names for one and the same bytes."""
    one = package(docx_parts("x") | {"word/media/image1.bmp": bytes(3 << 20)})
    at = one.rfind(b"PK\x05\x06")
    (size, start) = struct.unpack("<II", one[at + 12 : at + 20])
    directory = one[start : start + size]
    entry_at = directory.rfind(b"PK\x01\x02")
    entry = directory[entry_at:]
    copies = b"".join(entry.replace(b"image1", b"%06d" % number) for number in range(100))
    count = directory.count(b"PK\x01\x02") + 100
    directory += copies
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return one[:start] + directory + end


def page_tree_bomb() -> bytes:
    """A PDF of about a kilobyte with 10^9 pages: each node names the next one ten times."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for number in range(2, 11):
        kids = b"%d 0 R " % (number + 1) * 10
        objects.append(b"<< /Type /Pages /Count 999999999 /Kids [%s] >>" % kids)
    objects.append(b"<< /Type /Page /MediaBox [0 0 9 9] >>")
    return _pdf_of(objects)


def deep_page_tree() -> bytes:
    """A PDF whose tree of pages is a long rope."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for number in range(2, 900):
        objects.append(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1))
    objects.append(b"<< /Type /Page /MediaBox [0 0 9 9] >>")
    return _pdf_of(objects)


def looping_page_tree() -> bytes:
    """A PDF whose pages are their own parents."""
    return _pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]
    )


def object_stream_bomb() -> bytes:
    """A PDF whose objects lie in a stream that unpacks to 3 GB."""
    # After a full flush each piece is packed alike; behind the last come an empty one and the sum
    # of zeros by Adler.
    size, packer = 3000, zlib.compressobj(9)
    first, piece = (
        packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    checksum = (((size << 20) % 65521) << 16) | 1
    data = first + piece * (size - 1) + b"\x03\x00" + checksum.to_bytes(4, "big")
    return _pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /MediaBox [0 0 9 9] /Parent 2 0 R /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data),
        ]
    )


def _pdf_of(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
