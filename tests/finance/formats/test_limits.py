"""A small file that stands for gigabytes is refused in words, and no process of ours dies."""

import zipfile

import pytest
from django.core.files import File

from finance.errors import LoadError
from finance.formats.outline import outline
from finance.loading.services import check_load, receive_load
from finance.models import Load, Source
from tests.finance.formats.files import VOUCHER, VOUCHER_HEADINGS, rows_of, write_ods, write_xlsx
from tests.finance.formats.test_workbooks import SHEET, _rewritten

pytestmark = pytest.mark.usefixtures("real_readers")


def _repeats_rows(path):
    """An ods of which one row of long texts stands for two hundred thousand."""
    write_ods(path, [VOUCHER_HEADINGS, ["x" * 29_000] * 7])
    once, often = "</table:table-row><table:table-row>", "table:number-rows-repeated='200000'"
    return _rewritten(
        path,
        "content.xml",
        lambda xml: xml.replace(once, f"</table:table-row><table:table-row {often}>"),
    )


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="{0}package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="{0}package/2006/relationships"><Relationship Id="a" '
    'Type="{0}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="{0}package/2006/relationships">'
    '<Relationship Id="a" Type="{0}officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/><Relationship Id="b" '
    'Type="{0}officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="{0}spreadsheetml/2006/main" '
    'xmlns:r="{0}officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" '
    'r:id="a"/></sheets></workbook>',
}


def _shares_a_long_text(path):
    """An xlsx whose one text of 32,000 letters stands in half a million cells."""
    space = "http://schemas.openxmlformats.org/"
    rows = "".join(f'<row r="{n}"><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(1, 500_000))
    main = f'xmlns="{space}spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _PARTS.items():
            package.writestr(name, content.format(space))
        package.writestr(
            "xl/sharedStrings.xml", f"<sst {main}><si><t>{'x' * 32_000}</t></si></sst>"
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
        )
    return path


@pytest.mark.parametrize(
    ("name", "make"), [("a.ods", _repeats_rows), ("a.xlsx", _shares_a_long_text)]
)
def test_what_would_take_all_memory_is_refused_in_words(tmp_path, name, make):
    path = make(tmp_path / name)
    assert path.stat().st_size < 5_000_000
    for read in (rows_of, outline):
        with pytest.raises(LoadError, match="more memory or time"):
            read(path)


def test_a_line_without_end_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(",".join(VOUCHER_HEADINGS).encode() + b"\n" + b"," * 3_000_000)
    with pytest.raises(LoadError, match="a line of more than a million signs"):
        rows_of(path)


def test_a_strict_workbook_is_measured_and_guarded_like_any_other(tmp_path):
    """“Strict Open XML” is the same in other namespaces: the guards saw no sheet in it."""
    path = write_xlsx(
        tmp_path / "a.xlsx", [VOUCHER_HEADINGS, [*VOUCHER[:3], "=B2&C2", *VOUCHER[4:]]]
    )
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            for old, new in (
                (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                 b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
                (b"http://schemas.openxmlformats.org/officeDocument/2006/",
                 b"http://purl.oclc.org/ooxml/officeDocument/"),
            ):  # fmt: skip
                content = content.replace(old, new)
            package.writestr(name, content)
    ((fault,),) = [row.faults for row in rows_of(path)]
    assert "no stored result" in fault.message
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    _rewritten(path, SHEET, lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(LoadError, match="spans 1048576 rows"):
        rows_of(path)


@pytest.mark.django_db
def test_the_check_of_such_a_load_says_so_and_ends(tmp_path, settings):

    settings.MEDIA_ROOT = tmp_path / "media"
    path = _shares_a_long_text(tmp_path / "a.xlsx")
    with path.open("rb") as file:
        load = receive_load(
            source=Source.objects.create(code="s", name="S"), kind="vouchers",
            content=File(file), name="a.xlsx",
        )  # fmt: skip
    check_load(load)
    assert load.state == Load.State.FAULTY
    assert "more memory or time" in load.remarks.get().message
