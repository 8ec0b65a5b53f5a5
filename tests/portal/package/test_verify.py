"""What a stranger checks a package by: the script in it, run by itself, offline."""

import base64
import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.db import DatabaseError, transaction
from django.db.models import F

from finance.models import Seal
from finance.sealing.verification import Scope, verify
from portal.models import Checkpoint
from portal.package.evidence import is_signed, tree_hash
from portal.package.verify import tables_of
from portal.work.checkpoints import check_checkpoints, sign_due_checkpoint
from portal.work.packages import make_package
from tests.databases import REFUSED
from tests.factories import ProjectFactory, released, transfer
from tests.portal.api.test_lists import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings, tmp_path):
    """The office has a key."""
    settings.SEAL_KEY_FILE = str(new_key(tmp_path / "seals.pem"))


def new_key(path):
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return path


def unpacked(package, folder):
    with package.file.open() as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def checked(folder, *options):
    """Exit code and text of the script that lies in the package."""
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_a_package_agrees_and_tells_what_is_in_it(tmp_path, key):
    portfolio()
    released(transfer(ProjectFactory(number="77"), "12.50", voucher="V-77"))
    sign_due_checkpoint()
    folder = unpacked(make_package(), tmp_path / "package")
    seal = Seal.objects.get(number=2)
    note = Checkpoint.objects.get()
    code, text = checked(folder, "--voucher", "V-77", "--seal", "2", seal.hash, "--key", note.key)
    assert code == 0, text
    assert "DIFFERS" not in text
    assert "voucher V-77 is in it\n       2020-05-01 transfer 77 USD 12.5," in text
    assert "the seal 2 that you kept" in text
    assert "checkpoint: signed by that key" in text


def test_a_whole_zip_file_is_checked_too(tmp_path):
    portfolio()
    package = make_package()
    folder = unpacked(package, tmp_path / "package")
    with package.file.open() as file:
        (tmp_path / "all.zip").write_bytes(file.read())
    command = [sys.executable, "-I", str(folder / "verify.py"), str(tmp_path / "all.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All agrees.")


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("voucher_lines.csv", ",,100.37,", ",,999.37,", "base_amount adds up"),
        ("projects.csv", "Project", "Prospect", "projects.csv: bytes and SHA-256"),
        ("loads.csv", "file.xml", "other.xml", "loads.csv: bytes and SHA-256"),
        ("voucher_lines.csv", ",00001,", ",00009,", "all keys lead somewhere"),
    ],
)
def test_what_was_altered_is_found(tmp_path, name, old, new, words):
    portfolio()
    folder = unpacked(make_package(), tmp_path / "package")
    change(folder, name, old, new)
    code, text = checked(folder)
    assert code == 1
    assert any(line.startswith("DIFFERS") and words in line for line in text.splitlines()), text


def mended(folder):
    """The description and the list of files, brought to what the files hold now."""
    path = folder / "datapackage.json"
    manifest = json.loads(path.read_text("utf-8"))
    for part in tables_of(manifest):
        content = (folder / part["path"]).read_bytes()
        part["bytes"], part["hash"] = len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"
        for name in part.get("control_totals", ()):
            rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
            total = sum(Decimal(row[name] or 0) for row in rows) or Decimal(0)
            part["control_totals"][name] = f"{total.normalize():f}"
    path.write_text(json.dumps(manifest), "utf-8")
    sums = folder / "SHA256SUMS"
    names = [line.partition("  ")[2] for line in sums.read_text().splitlines()]
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    sums.write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))


def test_rows_altered_with_their_description_do_not_fit_the_signature(tmp_path, key):
    portfolio()
    ours = sign_due_checkpoint().key
    folder = unpacked(make_package(), tmp_path / "package")
    code, text = checked(folder, "--key", ours)
    assert code == 0, text
    assert "Proven: every file listed is as the holder of that key gave it" in text
    change(folder, "voucher_lines.csv", ",,100.37,", ",,999.37,")
    mended(folder)
    for options in ((), ("--key", ours)):
        code, text = checked(folder, *options)
        assert code == 1, text
        assert "DIFFERS SHA256SUMS.note: of these files" in text
    # Where the signature is mended as well, or left out, the key tells.
    digest = hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()
    note = (folder / "SHA256SUMS.note").read_text("utf-8")
    old = note.split("sha256:")[1][:64]
    (folder / "SHA256SUMS.note").write_text(note.replace(old, digest), "utf-8")
    code, text = checked(folder)
    assert code == 0, text
    assert "Not proven: who made this package" in text
    code, text = checked(folder, "--key", ours)
    assert code == 1
    assert "DIFFERS SHA256SUMS.note: signed by that key" in text
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del manifest["signature"]
    (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    mended(folder)
    code, text = checked(folder, "--key", ours)
    assert code == 1
    assert "DIFFERS this package is not signed" in text


@pytest.mark.parametrize("content", [None, b"", b"no key"])
def test_a_key_that_cannot_be_read_stops_no_package(tmp_path, settings, caplog, content):
    portfolio()
    settings.SEAL_KEY_FILE = str(tmp_path / "seals.pem")
    if content is not None:
        (tmp_path / "seals.pem").write_bytes(content)
    folder = unpacked(make_package(), tmp_path / "package")
    assert "the office's key cannot be read" in caplog.text
    assert not (folder / "SHA256SUMS.note").exists()
    code, text = checked(folder)
    assert code == 0, text


def test_a_script_that_was_altered_is_found(tmp_path):
    portfolio()
    folder = unpacked(make_package(), tmp_path / "package")
    with (folder / "verify.py").open("a") as file:
        file.write("# altered\n")
    code, text = checked(folder)
    assert (code, "DIFFERS SHA256SUMS: all files as listed" in text) == (1, True)


def test_a_file_that_is_not_listed_differs_in_the_zip_and_is_remarked_in_a_folder(tmp_path):
    portfolio()
    package = make_package()
    folder = unpacked(package, tmp_path / "package")
    (folder / ".DS_Store").write_bytes(b"\0")
    code, text = checked(folder)
    assert (code, text.splitlines()[-1]) == (0, "All agrees.")
    assert "not of this package, and not checked: .DS_Store" in text
    whole = tmp_path / "all.zip"
    with package.file.open() as file:
        whole.write_bytes(file.read())
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("more.csv", "a\n")
    command = [sys.executable, "-I", str(folder / "verify.py"), str(whole)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "DIFFERS SHA256SUMS: no file beside them more.csv" in done.stdout


def test_a_list_of_files_that_is_odd_or_missing_is_said_plainly(tmp_path, key):
    portfolio()
    folder = unpacked(make_package(), tmp_path / "package")
    sums, note = folder / "SHA256SUMS", folder / "SHA256SUMS.note"
    listed, ours = sums.read_bytes(), sign_due_checkpoint().key
    for line in (b"\n", b"odd\n", b"a b c\n", b"\xff\n", listed.splitlines(keepends=True)[0]):
        sums.write_bytes(listed + line)
        code, text = checked(folder)
        assert (code, "DIFFERS SHA256SUMS: all files as listed" in text) == (1, True), line
    sums.write_bytes(listed)
    signed = note.read_bytes()
    for content in (b"", b"\xff", signed.replace("— ".encode(), b"")):
        note.write_bytes(content)
        code, text = checked(folder, "--key", ours)
        assert (code, "DIFFERS SHA256SUMS.note" in text) == (1, True), content
    for path in (note, sums):
        path.unlink()
        code, text = checked(folder)
        assert (code, "DIFFERS not there" in text, path.name in text) == (1, True, True)


def test_seals_that_were_taken_out_are_missed(tmp_path):
    portfolio()
    folder = unpacked(make_package(), tmp_path / "package")
    path = folder / "loads.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow(row | {name: "" for name in row if name.startswith("seal")})
    mended(folder)
    code, text = checked(folder)
    assert (code, "DIFFERS newest seal 3" in text) == (1, True)


def test_a_chain_that_was_made_anew_does_not_fit_a_seal_or_checkpoint_kept(tmp_path, key):
    portfolio()
    sign_due_checkpoint()
    folder = unpacked(make_package(), tmp_path / "package")
    assert checked(folder, "--seal", "2", "0" * 64)[0] == 1
    change(folder, "loads.csv", Seal.objects.get(number=1).content, "0" * 64)
    code, text = checked(folder)
    assert code == 1
    assert "seal 1: the chain breaks" in text


def test_a_signature_by_another_key_is_none(tmp_path, key, settings):
    portfolio()
    ours = sign_due_checkpoint()
    folder = unpacked(make_package(), tmp_path / "package")
    settings.SEAL_KEY_FILE = str(new_key(tmp_path / "another.pem"))
    theirs = sign_due_checkpoint()
    assert ours.key != theirs.key
    assert checked(folder, "--key", ours.key)[0] == 0
    code, text = checked(folder, "--key", theirs.key)
    assert code == 1
    assert "DIFFERS checkpoint: signed by that key" in text


def test_each_release_is_signed_once_and_the_texts_stay(client, key):
    portfolio()
    first = sign_due_checkpoint()
    assert first.size == 3
    assert sign_due_checkpoint() is None
    released(transfer(ProjectFactory(), "1"))
    second = sign_due_checkpoint()
    assert client.get("/seals/checkpoint").content.decode() == second.note
    assert client.get(first.get_absolute_url()).content.decode() == first.note
    page = client.get("/seals/").content.decode()
    assert second.get_absolute_url() in page
    assert first.key in page
    for changed in (
        lambda: Checkpoint.objects.update(size=F("size") + 1),
        Checkpoint.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            changed()


def test_without_a_key_nothing_is_signed(client):
    portfolio()
    assert sign_due_checkpoint() is None
    assert client.get("/seals/checkpoint").status_code == 404
    assert "Signed by the office" not in client.get("/seals/").content.decode()


def test_verification_finds_a_checkpoint_that_the_seals_do_not_lead_to(key):
    portfolio()
    made = sign_due_checkpoint()
    assert list(check_checkpoints(lambda *_done: None)) == []
    assert verify(Scope(), more=(check_checkpoints,)).ok
    lines = made.note.split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    Checkpoint.objects.create(size=3, note="\n".join(lines), key=f"{made.key}x")
    assert len(list(check_checkpoints(lambda *_done: None))) == 1
    assert not verify(Scope(), more=(check_checkpoints,)).ok


def test_the_note_is_as_others_write_it(key):
    portfolio()
    note = sign_due_checkpoint()
    text, _gap, signature = note.note.partition("\n\n")
    origin, size, root = text.split("\n")
    assert origin == note.key.partition("+")[0] == "localhost:8000/seals"
    assert size == "3"
    assert len(base64.b64decode(root)) == 32
    dash, name, raw = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("—", origin)
    assert len(base64.b64decode(raw)) == 4 + 64
    assert is_signed(f"{text}\n", signature, note.key)
    assert not is_signed(f"{text}x\n", signature, note.key)


def test_the_tree_is_that_of_rfc_6962():
    # Roots of the test vectors of Certificate Transparency.
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    }
    for size, root in roots.items():
        assert tree_hash(leaves[:size]).hex() == root


def test_the_script_needs_nothing_but_python(tmp_path):
    portfolio()
    package = make_package()
    with package.file.open() as file, zipfile.ZipFile(file) as archive:
        script = archive.read("verify.py").decode()
        assert json.loads(archive.read("datapackage.json"))["resources"]
        assert "verify.py" in archive.read("SHA256SUMS").decode()
    imported = {
        line.split()[1].partition(".")[0]
        for line in io.StringIO(script)
        if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)
