"""Looking into one file, in a process of its own with limits on time, memory and disk.

`python -m documents.files.inspector JOB IN OUT NAME [zip]` writes its answer as JSON. Jobs:
`check` (may it come in? what it is and tells; OUT is the file without metadata, if it was
rewritten), `read` (the text of its pages, to OUT, a JSON string per line), `draw` (its first
page as a picture, to OUT). The process knows no secret, no database and no setting.
"""

import json
import sys
from pathlib import Path
from typing import Any

from documents.files import kinds
from documents.files.refused import Refused
from portal.kit.apart import limit

# A check holds up the person who uploads; the rest is the worker's.
CPU_SECONDS = {"check": 30, "read": 60, "draw": 60}
MEMORY = 1_500 << 20
FILE_SIZE = 600 << 20
PAGES_LOOKED_AT = 60
PREVIEW_WIDTH = 480


def check(path: Path, out: Path, name: str, allow_zip: bool) -> dict[str, Any]:
    """What the file is, what it tells, and whether OUT stands in its place. Raises Refused."""
    from documents.files.packages import check_package
    from documents.files.plain_text import check_text

    with path.open("rb") as file:
        kind = kinds.sniff(file.read(1 << 16), name)
    rewritten, page_count = False, None
    if kind == kinds.PACKAGE:
        kind = check_package(path, allow_zip)
    elif kind in kinds.IMAGES:
        from documents.files.images import strip

        rewritten = strip(path, out, kind)
    elif kind == kinds.PDF:
        from documents.files.pdfs import check_pdf

        page_count = check_pdf(path)
    else:
        check_text(path)
    answer = {"kind": kind, "rewritten": rewritten, "pages": page_count}
    return {**answer, **_told(path, kind, name)}


def _told(path: Path, kind: str, name: str) -> dict[str, Any]:
    from documents.files.advising import warnings
    from documents.files.page_texts import pages
    from documents.files.suggesting import stated_of, suggest

    texts: list[str] = []
    for text in pages(path, kind):
        texts.append(text)
        if len(texts) >= PAGES_LOOKED_AT:
            break
    stated = stated_of(path, kind)
    return {
        "suggested": suggest(name, texts, stated),
        "warnings": warnings(path, kind, texts, stated),
    }


def read(path: Path, out: Path, kind: str) -> dict[str, Any]:
    """Write the text of each page; how many there are, and how many have any text."""
    from documents.files.page_texts import pages

    count = with_text = 0
    with out.open("w", encoding="utf-8") as file:
        for text in pages(path, kind):
            count += 1
            with_text += bool(text)
            file.write(json.dumps(text) + "\n")
    return {"pages": count, "with_text": with_text}


def draw(path: Path, out: Path, kind: str) -> dict[str, Any]:
    """Draw the first page, or the picture itself, small."""
    from PIL import Image

    if kind == kinds.PDF:
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            page = pdf[0]
            scale = min(3.0, PREVIEW_WIDTH / max(1.0, page.get_width()))
            scale = min(scale, 1600 / max(1.0, page.get_height()))
            image = page.render(scale=scale).to_pil()
    elif kind in kinds.IMAGES:
        image = Image.open(path, formats=["JPEG", "PNG", "WEBP"])
        image.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH * 2))
    else:
        return {"drawn": False}
    image.convert("RGB").save(out, "WEBP", quality=80)
    return {"drawn": True, "width": image.width, "height": image.height}


def main(arguments: list[str]) -> int:
    """Do the job under the limits; a refusal is an answer, too."""
    job, path, out, name, *more = arguments
    limit(seconds=CPU_SECONDS[job], memory=MEMORY, written=FILE_SIZE)
    try:
        if job == "check":
            answer = check(Path(path), Path(out), name, "zip" in more)
        else:
            answer = {"read": read, "draw": draw}[job](Path(path), Path(out), name)
    except Refused as error:
        answer = {"refused": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"refused": "too-complex", "detail": ""}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
