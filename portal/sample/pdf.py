"""A one-page PDF with some lines of text, small enough to make hundreds of in a second."""

import textwrap


def one_page(title: str, lines: list[str]) -> bytes:
    """A valid PDF 1.4 whose text can be read and searched."""
    wrapped = [part for line in lines for part in (textwrap.wrap(line, 92) or [""])]
    text = [
        "BT /F2 16 Tf 56 780 Td 20 TL",
        *(f"({_escaped(part)}) Tj T*" for part in textwrap.wrap(title, 56)),
        "/F1 10 Tf 14 TL T*",
        *(f"({_escaped(part)}) Tj T*" for part in wrapped[:46]),
        "ET",
    ]
    content = "\n".join(text).encode("cp1252", "replace")
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            font.format("Helvetica").encode(),
            font.format("Helvetica-Bold").encode(),
            b"<< /Title (%s) >>" % _escaped(title).encode("latin-1", "replace"),
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)
