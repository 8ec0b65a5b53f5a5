"""A file that cannot be read is refused whole, with its line and a way out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from portal.iati.errors import IatiFileError
from portal.iati.reader import IatiFile, read_activities
from portal.iati.stream import CHUNK
from tests.portal.iati.shared import file_of, real_file, shared_file, transaction, written


def refusal(path: Path) -> IatiFileError:
    """Return the refusal of a file."""
    with pytest.raises(IatiFileError) as caught:
        list(read_activities(path))
    assert str(caught.value).startswith(path.name)
    return caught.value


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "only blanks"),
        (b"Dear colleague, please find", "not XML"),
        (b"a,b,c\n1,2,3", "not XML"),
        (b'{"activities": []}', "JSON"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b"\n<HTML><body/></HTML>", "web page"),
        (b"<!-- x --><!DOCTYPE HTML><html/>", "web page"),
        (gzip.compress(b"<iati-activities/>", mtime=0), "gzip"),
        (_zip("a.xml"), "zip archive"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        ("<iati-activities/>".encode("utf-32"), "UTF-32"),
        (b"\0\0\0\0", "NUL"),
    ],
)
def test_what_is_not_xml_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = written(tmp_path, content)
    assert words in refusal(path).reason
    with pytest.raises(IatiFileError):
        IatiFile(path).header  # noqa: B018


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path).reason
    assert "cannot be opened" in refusal(tmp_path / "missing.xml").reason


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"<rss/>", 1, "<rss>"),
        (b"<x:iati-activities xmlns:x='urn:x'/>", 1, "<x:iati-activities>"),
        (b"\n<iati-organisations version='2.03'/>", 2, "organisation file"),
        (b"\n\n<iati-activity/>", 3, "<iati-activity>"),
        (b"<iati-activities/>", 1, "does not say which version"),
        (b"<iati-activities version=''/>", 1, "does not say which version"),
        (b"<iati-activities version='1.05'/>", 1, "1.05"),
        (b"<iati-activities version='3.01'/>", 1, "3.01"),
        (b"<iati-activities version='2.04'/>", 1, "2.04"),
        (b"<iati-activities version='2.03'/>", None, "no activity"),
    ],
)
def test_another_kind_of_xml_is_refused(
    tmp_path: Path, content: bytes, line: int | None, words: str
) -> None:
    error = refusal(written(tmp_path, content))
    assert error.line == line
    assert words in error.reason


@pytest.mark.parametrize(
    "name",
    ["IATIfromGF.xml", "undp_sample.xml", "worldbank.xml", "dfid_out.xml", "worked-example.xml"],
)
def test_files_of_version_1_are_refused(name: str) -> None:
    assert refusal(shared_file(f"iati/peer-tests/legacy-v1/{name}")).line in (2, 3)


_BOMB = (
    b'<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY a "ha">\n'
    + b"".join(b'<!ENTITY %c "%s">\n' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b']>\n<iati-activities version="2.03">&k;</iati-activities>'
)


@pytest.mark.parametrize(
    "content",
    [
        _BOMB,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><iati-activities>&x;'
        b"</iati-activities>",
        b'<!DOCTYPE iati-activities SYSTEM "http://localhost/x.dtd"><iati-activities/>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><iati-activities/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_doctype_is_refused_before_anything_expands(tmp_path: Path, content: bytes) -> None:
    error = refusal(written(tmp_path, content))
    assert "DOCTYPE" in error.reason
    assert error.line == (2 if content is _BOMB else 1)


_START = b'<iati-activities version="2.03">\n<iati-activity>\n'


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (_START + b"<title><narrative>a & b</narrative>", 3, "bare “&”"),
        (_START + b"<title></titel>", 3, "closing tag"),
        (_START + b"<title>a&nbsp;b</title>", 3, "&nbsp;"),
        (_START + b"<title>&#0;</title>", 3, "forbids"),
        (_START + b"<title>a\0b</title>", 3, "NUL"),
        (_START + b"<title>a\x0bb</title>", 3, "control character"),
        (_START + b"<title>caf\xe9</title>", 3, "UTF-8"),
        (_START + b"<x:title/>", 3, "prefix"),
        (_START + b"<title a='1' a='2'/>", 3, "twice"),
        (_START + b"<title>", 3, "ends too early"),
        (_START + b"<title", 3, "ends too early"),
        (_START + b"<![CDATA[", 3, "ends too early"),
        (_START + b"<title>caf\xc3", 3, "ends too early"),
        (b'<?xml version="1.0"?>', 1, "ends before any activity"),
        (b' <?xml version="1.0"?><iati-activities version="2.03"/>', 1, "very first"),
        (b'<?xml version="1.0" encoding="utf-16"?><iati-activities version="2.03"/>', 1, "UTF-8"),
        (b'<?xml version="1.0" encoding="klingon"?><iati-activities/>', 1, "UTF-8"),
        (b'<?xml version="1.0" encoding="shift_jis"?><iati-activities/>', 1, "UTF-8"),
        (b'<iati-activities version="2.03"/>\n<iati-activities/>', 2, "two files"),
    ],
)
def test_broken_xml_is_refused_with_its_line(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    error = refusal(written(tmp_path, content))
    assert error.line == line
    assert words in error.reason


def test_a_real_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    content = real_file("several-currencies.xml").read_bytes().rstrip()
    for length in range(1, len(content), 97):
        refusal(written(tmp_path, content[:length]))


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    depth = 100_000
    error = refusal(file_of(tmp_path, "<a>" * depth + "</a>" * depth))
    assert error.line == 4
    assert "deep" in error.reason


def test_an_endless_tag_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    error = refusal(file_of(tmp_path, f'<title a="{"x" * (9 << 20)}"/>'))
    assert "begins here" in error.reason


def test_an_endless_activity_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.iati.stream.MAX_ACTIVITY_BYTES", 1 << 20)
    text = "x" * 4000 + "\n"
    inside = f"<description><narrative>{text * 600}</narrative></description>"
    error = refusal(file_of(tmp_path, inside))
    assert error.line == 2
    assert "Split" in error.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "1,000.00",
        "1 000",
        "1.000,00",
        "$5",
        "NaN",
        "Infinity",
        "-INF",
        "1e5",
        "1E-2",
        "0x10",
        "1_000",
        ".",
        "-",
        "--1",
        "١٢",
        "1.1234567",
        "1234567890123456789",
        "1234567890123.123456",
        "9" * 5000,
        "n/a",
    ],
)
def test_an_unreadable_amount_is_refused(tmp_path: Path, text: str) -> None:
    for inside in (
        transaction(value=f"\n<value>{text}</value>"),
        '<budget><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>\n'
        f"<value>{text}</value></budget>",
    ):
        error = refusal(file_of(tmp_path, inside))
        assert error.line == 5
        assert "amount" in error.reason or "not a number" in error.reason
        assert len(str(error)) < 300


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (transaction(kind=""), "type"),
        (transaction(kind="<transaction-type/>"), "type"),
        (transaction(kind='<transaction-type code=" "/>'), "type"),
        (transaction(kind='<transaction-type code="1"/><transaction-type code="2"/>'), "type"),
        (transaction(value=""), "no value"),
        (transaction(value="<value>1</value><value>1</value>"), "more than one value"),
        (transaction(day=""), "no date"),
        (transaction(day="<transaction-date/>"), "no date"),
        (transaction(value='<value value-date="soon">1</value>'), "“soon”"),
        ("<budget><value>1</value></budget>", "period-start"),
        ('<activity-date type="1" iso-date="2024-13-01"/>', "2024-13-01"),
        ('<recipient-country code="ML" percentage="50%"/>', "50%"),
        ('<sector code="1" percentage="1e1"/>', "1e1"),
        ("<iati-identifier>B</iati-identifier>", "two"),
    ],
)
def test_an_element_without_what_it_needs_is_refused(
    tmp_path: Path, inside: str, words: str
) -> None:
    error = refusal(file_of(tmp_path, inside))
    assert error.line == 4
    assert words in error.reason


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "24-02-01",
        "01/02/2024",
        "2024-2-1",
        "2024",
        "0000-01-01",
        "45000",
        "2024-01-01x",
    ],
)
def test_an_unreadable_date_is_refused(tmp_path: Path, text: str) -> None:
    error = refusal(file_of(tmp_path, transaction(day=f'<transaction-date iso-date="{text}"/>')))
    assert text in error.reason


@pytest.mark.parametrize(
    "identifier", ["", "<iati-identifier/>", "<iati-identifier> </iati-identifier>"]
)
def test_an_activity_without_identifier_is_refused(tmp_path: Path, identifier: str) -> None:
    text = f'<iati-activities version="2.03">\n<iati-activity>{identifier}</iati-activity>'
    error = refusal(written(tmp_path, (text + "</iati-activities>").encode()))
    assert error.line == 2
    assert "identifier" in error.reason


@pytest.mark.parametrize("between", ["\n", ""])
def test_a_repeated_identifier_names_both_lines(tmp_path: Path, between: str) -> None:
    first, second = (
        f"<iati-activity><iati-identifier>{name}</iati-identifier></iati-activity>"
        for name in ("A-1", " a-1 ")
    )
    text = f'<iati-activities version="2.03">\n{first}{between}{second}</iati-activities>'
    error = refusal(written(tmp_path, text.encode()))
    assert error.line == (3 if between else 2)
    assert "line 2" in error.reason


def test_a_fault_far_down_refuses_a_file_whose_first_activities_were_handed_out(
    tmp_path: Path,
) -> None:
    path = file_of(tmp_path, "\n" * CHUNK)
    path.write_bytes(path.read_bytes().replace(b"</iati-activities>", b"\n" * CHUNK))
    handed_out = []
    with pytest.raises(IatiFileError):
        for activity in read_activities(path):
            handed_out.append(activity.identifier)
    assert handed_out == ["A-1"]


def test_messages_use_the_name_that_people_know(tmp_path: Path) -> None:
    path = written(tmp_path, b"\n<rss/>", name="tmp123")
    with pytest.raises(IatiFileError, match=r"^report\.xml, line 2: "):
        list(read_activities(path, file_name="report.xml"))


def test_money_of_a_year_that_cannot_be_is_refused_at_its_line(tmp_path: Path) -> None:
    day = '<transaction-date iso-date="0204-01-31"/>'
    found = refusal(file_of(tmp_path, transaction(day=day)))
    assert found.line == 4
    assert "transaction-date 0204-01-31: The year must lie between 1945 and 2200." in found.reason
