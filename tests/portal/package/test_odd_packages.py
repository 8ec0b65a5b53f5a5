"""The script in a package, given what is no package or a broken one: words, and no traceback."""

import subprocess
import sys

import pytest

from portal.work.checkpoints import sign_due_checkpoint
from portal.work.packages import make_package
from tests.portal.api.test_lists import portfolio
from tests.portal.package.test_verify import checked, new_key, unpacked

pytestmark = pytest.mark.django_db


# What becomes of a file, and what is said of it; None takes it away.
ODD_FILES = (
    ("datapackage.json", None, "datapackage.json cannot be read: FileNotFoundError"),
    ("datapackage.json", b"", "datapackage.json cannot be read: JSONDecodeError"),
    ("datapackage.json", b"\xff", "datapackage.json cannot be read: UnicodeDecodeError"),
    ("datapackage.json", b"[" * 100_000, "datapackage.json cannot be read: RecursionError"),
    ("datapackage.json", b"[]", "datapackage.json cannot be read: TypeError"),
    ("datapackage.json", b'{"version": "1"}', "cannot be read: KeyError: 'resources'"),
    ("datapackage.json", b'{"resources": [], "version": "1"}', "datapackage.json lists no tables"),
    ("datapackage.json", b'{"resources": [{}], "version": "1"}', "KeyError: 'path'"),
    ("checkpoint.txt", None, "not there, so nothing was checked: checkpoint.txt"),
    ("checkpoint.txt", b"", "checkpoint.txt cannot be read: IndexError"),
    ("checkpoint.txt", b"\xff", "checkpoint.txt cannot be read: UnicodeDecodeError"),
    ("checkpoint.txt", b"a\nmany\nroot\n", "checkpoint.txt cannot be read: ValueError"),
    ("vouchers.csv", b"", "vouchers.csv: bytes and SHA-256"),
    ("vouchers.csv", b"id,number\n\xff", "vouchers.csv cannot be read: UnicodeDecodeError"),
    ("budgets.csv", b"base_amount\nmuch\n", "budgets.csv cannot be read: InvalidOperation"),
    ("loads.csv", b"seal\none\n", "loads.csv cannot be read: KeyError"),
)


@pytest.fixture
def of_three_releases(tmp_path, settings):
    """A folder with a package, and the key by which it is signed."""
    settings.SEAL_KEY_FILE = str(new_key(tmp_path / "seals.pem"))
    portfolio()
    note = sign_due_checkpoint()
    return unpacked(make_package(), tmp_path / "package"), note.key


def test_a_file_that_is_missing_or_broken_is_said_in_words(of_three_releases):
    folder, ours = of_three_releases
    for name, content, words in ODD_FILES:
        path = folder / name
        kept = path.read_bytes()
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        for options in ((), ("--key", ours)):
            code, text = checked(folder, *options)
            assert code == 1, (name, content)
            said = [line for line in text.splitlines() if line.startswith("DIFFERS")]
            assert any(words in line for line in said), (name, content, text)
        path.write_bytes(kept)
    assert checked(folder, "--key", ours)[0] == 0


def test_a_file_that_is_no_package_is_said_to_be_none(of_three_releases, tmp_path):
    folder, _ours = of_three_releases
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK no archive")
    command = [sys.executable, "-I", str(folder / "verify.py"), str(other)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "other.zip cannot be read: BadZipFile" in done.stdout


def test_what_the_command_cannot_go_by_is_told_at_once(of_three_releases):
    folder, ours = of_three_releases
    for words, *options in (
        ("no key of the form NAME+ID+KEY", "--key", "nonsense"),
        ("no key of the form NAME+ID+KEY", "--key", "a+b+c"),
        ("no key of the form NAME+ID+KEY", "--key", ours[:-4]),
        ("--seal: two is no number", "--seal", "two", "0" * 64),
        ("there is no nowhere.pem", "--tsa", "nowhere.pem"),
    ):
        command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, ""), options
        assert words in done.stderr, options
        assert "Traceback" not in done.stderr, options
