"""A static copy of the site: bounded, whole, browsable, without what is withheld."""

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from lxml import html as lxml_html

from documents.models import DocumentVersion, Download
from portal.mirror import addresses, search_index
from portal.mirror.addresses import address_of, safe_name
from portal.mirror.errors import MirrorError
from portal.mirror.making import Making
from portal.mirror.publishing import Mirror, make_mirror
from portal.public.views.lists import ProjectList
from portal.withholding.services import withhold
from portal.work.packages import make_package
from projects.models import Project
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
    commitment,
    released,
)
from tests.portal.api.test_lists import portfolio
from tests.portal.withholding.crawl import _text as text_of
from tests.portal.withholding.crawl import public_names
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".webp": "image/",
    ".png": "image/",
}


def copied(folder: Path) -> Mirror:
    """A copy in that folder."""
    said: list[str] = []
    made = make_mirror(folder, say=said.append)
    assert said
    return made


def tree_of(path: Path) -> Any:
    """A page of a copy, read as a browser reads it."""
    return lxml_html.document_fromstring(path.read_bytes().decode())


def a_document() -> DocumentVersion:
    """A public document with a file, which has a name that is odd as that of a file."""
    content = b"What is planned."
    return DocumentVersion.objects.create(
        document=DocumentFactory(title="A plan", url=""),
        file=ContentFile(content, "x.txt"),
        file_name="The plan?.txt",
        media_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def targets(tree: Any) -> Iterator[tuple[Any, str]]:
    """Each element that leads somewhere, and where."""
    for element in tree.iter():
        for name in ("href", "src", "action"):
            if element.get(name) is not None:
                yield element, element.get(name)


def fault(folder: Path, path: Path, element: Any, target: str) -> str:
    """What is wrong with a link, or "": within the copy it leads to a file, outside it says so."""
    parts = urlsplit(target)
    if parts.scheme in ("mailto", "data") or (not parts.scheme and not parts.path):
        return ""
    if parts.scheme:
        ours = target.startswith(settings.SITE_URL)
        is_said = element.tag == "link" or "↗" in element.text_content()
        return "" if not ours or is_said else "goes out without a word"
    file = (path.parent / unquote(parts.path)).resolve()
    if not file.is_relative_to(folder):
        return "leaves the folder"
    return "" if file.is_file() else "leads nowhere"


def test_all_is_in_it_links_lead_to_files_or_plainly_out_and_its_hashes_hold(
    tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ProjectList, "paginate_by", 2)
    projects = portfolio(count=3)
    person = OrganizationFactory(code="IND-1", name="Ann Nemo", kind="individuals")
    released(commitment(FundFactory(code="F2"), "5", contributor_id=person.pk, arrangement="A"))
    document, package = a_document(), make_package()
    assert package is not None
    made = copied(tmp_path / "copy")
    folder = made.folder
    voucher = next((folder / "voucher").iterdir()).name
    wanted = ("index.html", "projects/index.html", "projects/table.csv", "projects/table.json",
              "project/00002/index.html", "project/00002/table.json", "fund/F1/index.html",
              "fund/F1/statement/index.html", f"voucher/{voucher}/index.html", "seals/1.jsonl",
              "search/index.html", "theme.css", f"data/package/{package.name}.zip",
              "copy/projects/index.html", "pagefind/pagefind.js", "README.txt")  # fmt: skip
    assert [name for name in wanted if not (folder / name).is_file()] == []
    kept = folder / f"document/{document.document_id}/v1/The~20plan~3F.txt"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == document.sha256
    assert Download.objects.count() == 0

    pages = [(path, tree_of(path)) for path in sorted(folder.rglob("*.html"))]
    wrong = [
        (path.relative_to(folder), target, found)
        for path, tree in pages
        for element, target in targets(tree)
        if (found := fault(folder, path, element, target))
    ]
    assert wrong == []
    # Nothing is offered that only the live site can do, and each page says as of when it is.
    assert {form.get("role") for _path, tree in pages for form in tree.iter("form")} == {"search"}
    for _path, tree in pages:
        assert "This is a copy of the site, as of" in " ".join(tree.text_content().split())
    # Where the list goes on, all are found by the list of the copy.
    [more] = tree_of(folder / "projects/index.html").xpath("//nav[@class='pages']//a/@href")
    assert (folder / "projects" / more).resolve() == folder / "copy/projects/index.html"
    listed = tree_of(folder / "copy/projects/index.html").xpath("//main//li/a/@href")
    assert len(listed) == Project.objects.count() > len(projects)

    check = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    told = json.loads((folder / "mirror.json").read_bytes())
    sums = (folder / "SHA256SUMS").read_bytes()
    assert hashlib.sha256(sums).hexdigest() == told["sums"]["sha256"] == made.sha256
    listed = {line[66:] for line in sums.decode().splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - listed == {"SHA256SUMS", "mirror.json"}
    assert len(listed) == told["files"] == made.files

    assert "Ann Nemo" not in _all_texts(folder)
    assert _figures_of(folder, client) >= 200


def _figures_of(folder: Path, client: Any) -> int:
    """How many figures of pages with tables were compared with those of the site, cell by cell."""
    count = 0
    for file in sorted(folder.rglob("table.json")):
        if not (file.parent / "index.html").is_file():
            # A table of the thing's own page.
            continue
        url = f"/{file.parent.relative_to(folder).as_posix()}/"
        kept_cells = _cells(tree_of(file.parent / "index.html"))
        live: Any = lxml_html.document_fromstring(client.get(url).content.decode())
        # Tables that the site draws for whoever opens them are all open in the copy.
        folded = live.xpath("//main//@data-fetch | //main//a[contains(@href, '?show=')]/@href")
        if not folded:
            assert _cells(live) == kept_cells, url
        for address in {url, *(each.partition("#")[0] for each in folded)}:
            shown_there: Any = lxml_html.document_fromstring(client.get(address).content.decode())
            left = iter(kept_cells)
            assert all(cell in left for cell in _cells(shown_there)), address
        count += sum(bool(re.search(r"\d", cell)) for cell in kept_cells)
        shown = json.loads(b"".join(client.get(url, {"format": "json"})))
        kept = json.loads(file.read_bytes())
        assert {**kept, "meta": None} == {**shown, "meta": None}, url
    return count


def _cells(tree: Any) -> list[str]:
    return [
        "".join(cell.text_content().replace("↗ on the live site", "").split())
        for cell in tree.xpath("//main//td | //main//dd")
    ]


def _all_texts(folder: Path) -> str:
    texts = []
    for path in folder.rglob("*"):
        texts.append(path.relative_to(folder).as_posix())
        if path.is_file() and "pagefind" not in path.parts:
            texts.append(text_of(KINDS.get(path.suffix, ""), path.read_bytes()))
    return html.unescape("\n".join(texts))


def test_nothing_withheld_is_in_the_next_copy(tmp_path: Path) -> None:
    world = World()
    world.withhold_all(UserFactory(is_staff=True))
    make_package()
    folder = copied(tmp_path / "copy").folder
    # What is open beside it is there, with its documents and money.
    assert (folder / "project/00102004/index.html").is_file()
    found = _all_texts(folder).casefold()
    assert "00102005" in found
    assert "zanzibar" not in found


def test_a_making_that_breaks_off_leaves_the_copy_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Making, "write_own_pages", str)
    monkeypatch.setattr(Making, "write_all", lambda _self, say: say("Writing …"))
    monkeypatch.setattr("portal.mirror.publishing.make_index", str)
    place = tmp_path / "place"
    folder = copied(place / "copy").folder
    before = (folder / "SHA256SUMS").read_bytes()

    def break_off(_text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_mirror(folder, say=break_off)
    assert (folder / "SHA256SUMS").read_bytes() == before
    assert {path.name for path in place.iterdir()} == {"copy", ".copy.lock"}
    # As if it had been ended between the two renames.
    folder.rename(place / ".copy.before")
    (place / ".copy.making").mkdir()

    def withheld_meanwhile(folder: Path) -> None:
        project, by = ProjectFactory(), UserFactory(is_staff=True)
        withhold(kind="project", target_id=project.pk, reason="Danger.", by=by)

    monkeypatch.setattr("portal.mirror.publishing.make_index", withheld_meanwhile)
    with pytest.raises(MirrorError, match="withheld meanwhile"):
        make_mirror(folder, say=lambda _text: None)
    assert {path.name for path in place.iterdir()} == {"copy", ".copy.lock"}
    assert (folder / "SHA256SUMS").read_bytes() == before


def test_a_folder_of_something_else_is_not_touched_and_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").write_text("Mine.")
    with pytest.raises(CommandError, match="is no copy"):
        call_command("mirror", str(tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "Mine."
    with pytest.raises(CommandError, match="is not in “xx”"):
        call_command("mirror", str(tmp_path / "new"), language="xx")
    monkeypatch.setitem(__import__("sys").modules, "pagefind_bin", None)
    with pytest.raises(MirrorError, match="pip install pagefind-bin"):
        search_index.program()


def test_filters_orders_dates_pages_of_rows_and_searches_are_not_in_it() -> None:
    inside = ("/projects/", "/projects/?format=csv", "/theme.css?v=1", "/fr/project/00102/",
              "/voucher/1/", "/seals/1.jsonl")  # fmt: skip
    outside = ("/projects/?fund=X", "/projects/?sort=-title", "/search/?q=x", "/accounts/me/",
               "/projects/?as_of=2024-01-01", "/projects/?format=pdf", "/follow/", "/api/v1/",
               "/projects/?page=2", "/voucher/1/?format=csv", "/nowhere/", "/staff/",
               "/project/00102/records/?figure=approved")  # fmt: skip
    found = [url for url in (*inside, *outside) if (one := address_of(url)) and one.is_in]
    assert found == list(inside)
    assert address_of("https://elsewhere.example.org/projects/") is None


def test_each_public_address_is_in_it_or_left_out_for_a_reason() -> None:
    """A new address has to be in one of the tables of portal/mirror/addresses.py."""
    names = {name for name in public_names() if not name.startswith("api-")}
    inside = {*addresses.INSIDE, *addresses.STORED}
    assert names == {*inside, *addresses.PLAIN, *addresses.LEFT_OUT}
    assert not inside & {*addresses.LEFT_OUT}
    assert all(addresses.LEFT_OUT.values())


def test_what_is_to_come_is_in_it(tmp_path: Path) -> None:
    fund = FundFactory(code="F2")
    giver = OrganizationFactory(code="GOV", name="Norway", kind="government")
    released(commitment(fund, "5", contributor_id=giver.pk, arrangement="A"))
    folder = copied(tmp_path / "copy").folder
    for of in ("fund/F2", "contributor/GOV"):
        page = tree_of(folder / of / "forward/index.html")
        assert "Norway" in page.text_content() or of.startswith("contributor")
        assert (folder / of / "forward/table.json").is_file()


def test_names_of_files_are_such_that_every_system_takes_them() -> None:
    assert safe_name("a b:ü") == "a~20b~3A~C3~BC"
    for odd in ("..", "con", "NUL.txt", "x."):
        assert safe_name(odd).startswith("~")
