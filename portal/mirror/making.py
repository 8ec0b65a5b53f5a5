"""Writing the files of a copy: each page is drawn once, as for anybody, then changed."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext

from documents.models import DocumentVersion
from portal.kit.files.pdf import static_file
from portal.kit.web.visiting import let_go, visit
from portal.mirror.addresses import SEARCHED, Address, address_of
from portal.mirror.errors import MirrorError
from portal.mirror.inventory import documents, first_addresses, packages
from portal.mirror.own_pages import (
    ABOUT,
    CONTENTS,
    DESCRIPTION,
    SEARCH,
    SUMS,
    Own,
    contents_pages,
    fixed_pages,
    framed,
)
from portal.mirror.page_of_copy import mark_searched, page_of_copy, written
from portal.mirror.register import Asked, Register

Say = Callable[[str], None]
_OFTEN = 200
_PIECE = 1 << 18
_GONE = frozenset({301, 302, 307, 308, 404, 410})


class Making:
    """One copy that is being made, in one language and as of one moment."""

    def __init__(
        self, folder: Path, register: Register, language: str, told: dict[str, Any]
    ) -> None:
        """told: what pages of the copy say of it: copied_at, site_url, about_url, seal."""
        self.folder, self.register, self.language, self.told = folder, register, language, told
        self.frame = b""
        self.strip = render_to_string("mirror/strip.html", told).strip()

    # --- What is in it

    def register_all(self) -> None:
        """Note all that is in it from the start; parts of it follow when a page leads to them."""
        for name in (SUMS, DESCRIPTION):
            self.register.know(ABOUT + name, name)
        for path in first_addresses():
            self.file_of(address_of(path))
        for wanted, source, keys in (*packages(), *documents()):
            self.register.add(wanted, source, *keys)

    def file_of(self, address: Address | None) -> str | None:
        """The file of an address, which is in the copy from now on if it can be."""
        if address is None or address.query:
            return None
        found = self.register.file_of(address.key)
        if found is not None:
            return found
        if address.path.startswith(ABOUT):
            return self._register_own(address.path)
        if address.name == "static":
            name = address.path.removeprefix(settings.STATIC_URL)
            return self.register.add(f"static/{name}", f"static:{name}", address.key)
        return (
            self.register.add(address.file(), address.key, address.key) if address.is_in else None
        )

    # --- Writing

    def write_own_pages(self) -> None:
        """The search, what the copy is, and lists of all there is. Raises MirrorError."""
        pages = list(fixed_pages(self.told))
        for own in pages:
            self._register_own(own.path)
        for own in pages:
            self._write_own(own)
        for kind, things in CONTENTS.items():
            for own in contents_pages(kind, things.links()):
                self._write_own(own)

    def write_all(self, say: Say) -> None:
        """Write all files that nobody else writes. Raises MirrorError."""
        for number, asked in enumerate(self.register.waiting()):
            if number % _OFTEN == 0:
                done, known = self.register.counts()
                say(f"{done:,} of {known:,} files: {asked.name}")
            self._write(asked)

    def _write(self, asked: Asked) -> None:
        kind, _colon, source = asked.source.partition(":")
        if kind == "static":
            self._write_static(asked.name, source)
        elif kind == "version":
            self._write_document(asked.name, int(source))
        else:
            self._write_answer(asked)

    def _write_answer(self, asked: Asked) -> None:
        address = address_of(asked.source)
        if address is None:
            raise MirrorError(f"{asked.source} is no address of the site.")
        query = f"format={address.form}" if address.form else ""
        response = visit(address.path, query, self.language)
        try:
            if response.status_code in _GONE:
                self._write_stub(asked, address)
            elif response.status_code != 200:
                raise MirrorError(f"{asked.source} answered {response.status_code}.")
            elif response["Content-Type"].startswith("text/html"):
                self._write_page(
                    asked.name, address.path, response.content, address.name in SEARCHED
                )
            else:
                self._note(asked.name, response)
        finally:
            let_go(response)

    def _write_page(self, name: str, path: str, content: bytes, searched: bool) -> None:
        tree = page_of_copy(content, path, name, self.file_of, self.strip)
        if searched:
            mark_searched(tree)
        self._note(name, [written(tree)])

    def _write_stub(self, asked: Asked, address: Address) -> None:
        """Something else leads there, and the site has nothing: so it is said."""
        words = gettext("The site has no page of its own at this address.")
        own = Own(address.path, gettext("Not in this copy"), f"<p>{words}</p>")
        self._write_page(asked.name, address.path, framed(self._frame(), own), searched=False)

    def _write_static(self, name: str, within: str) -> None:
        file = static_file(within)
        if file is None:
            raise MirrorError(f"There is no static file {within}: run collectstatic.")
        with file.open("rb") as source:
            self._note(name, iter(lambda: source.read(_PIECE), b""))

    def _write_document(self, name: str, pk: int) -> None:
        """From the storage itself: whoever makes a copy downloads nothing."""
        version = DocumentVersion.objects.get(pk=pk)
        try:
            with default_storage.open(str(version.file.name)) as file:
                sha256 = self._note(name, file.chunks(_PIECE))
        except OSError as error:
            raise MirrorError(f"A file of document {version.document_id} is missing.") from error
        if sha256 != version.sha256:
            raise MirrorError(f"A file of document {version.document_id} is not what it was.")

    # --- Pages of its own

    def _register_own(self, path: str) -> str:
        known = self.register.file_of(path)
        return known or self.register.add(f"{path.strip('/')}/index.html", path, path)

    def _write_own(self, own: Own) -> None:
        name = self._register_own(own.path)
        self.register.take(name)
        self._write_page(name, own.path, framed(self._frame(), own), searched=False)

    def _frame(self) -> bytes:
        """A page of the site with its head, navigation and foot, and little else."""
        if not self.frame:
            response = visit(SEARCH, "", self.language)
            if response.status_code != 200:
                raise MirrorError(f"{SEARCH} answered {response.status_code}.")
            self.frame = response.content
            let_go(response)
        return self.frame

    def _note(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write the file; returns its SHA-256."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as out:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        self.register.note(name, size, digest.hexdigest())
        return digest.hexdigest()
