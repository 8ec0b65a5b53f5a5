"""Archives and text files that come from outside: one rule for money and for documents."""

import io
import zipfile

import pytest

from documents.files.packages import check_package
from documents.files.plain_text import check_text
from documents.files.refused import Refused
from finance.errors import LoadError
from finance.formats.containers.detecting import open_grids
from portal.kit.archives import SMALL, UnsafeArchive, check_archive
from portal.kit.encodings import NotText, encoding_of
from tests.documents.files import overlapping_zip


def packed(*parts, prefix=b"", comment=b"", method=zipfile.ZIP_DEFLATED):
    """A ZIP of these (name, content), perhaps behind something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, content in parts:
            archive.writestr(name, content)
    return prefix + out.getvalue()


UNSAFE = {
    "nothing in it": (packed(), "empty"),
    "something before it": (packed(("a", "a"), prefix=b"#!/bin/sh\n"), "polyglot"),
    "something behind it": (packed(("a", "a"), comment=b"<script>"), "polyglot"),
    "one name in two cases": (packed(("a", "a"), ("A", "b")), "polyglot"),
    "parts upon each other": (overlapping_zip(), "bomb"),
    "a part that unpacks to a thousand times its size": (packed(("a", b"0" * SMALL * 2)), "bomb"),
    "more parts than any workbook": (packed(*((str(n), "") for n in range(10_001))), "bomb"),
    "a rare way of packing": (packed(("a", "a"), method=zipfile.ZIP_LZMA), "unknown"),
    "a part outside the folder": (packed(("../a", "a")), "paths"),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_what_is_not_safe_to_unpack_is_told_from_its_directory(what):
    content, code = UNSAFE[what]
    archive = zipfile.ZipFile(io.BytesIO(content))
    with pytest.raises(UnsafeArchive) as caught:
        check_archive(archive)
    assert caught.value.code == code


def test_what_unpacks_to_little_is_safe_however_well_it_packs():
    with zipfile.ZipFile(io.BytesIO(packed(("a", b"0" * SMALL)))) as archive:
        check_archive(archive)


@pytest.mark.parametrize("what", ["something behind it", "parts upon each other"])
def test_neither_a_workbook_nor_a_document_is_taken_so(tmp_path, what):
    path = tmp_path / "a.xlsx"
    path.write_bytes(UNSAFE[what][0])
    with pytest.raises(Refused) as refused:
        check_package(path, allow_zip=True)
    assert refused.value.code == UNSAFE[what][1]
    with pytest.raises(LoadError, match=r"damaged|unpacks to"):
        open_grids(path)


TEXTS = {
    "utf-8": ("Zürich;1\n".encode(), "utf-8"),
    "with a mark": ("Zürich;1\n".encode("utf-8-sig"), "utf-8-sig"),
    "utf-16": ("Zürich;1\n".encode("utf-16"), "utf-16"),
    "Windows": ("Zürich;1\n".encode("cp1252"), "cp1252"),
}
NO_TEXTS = {
    "binary": b"a;\0;b\n",
    "unknown": b"a;\x81;b\n",
    "old-page": "Société;1\n".encode("cp850"),
    "utf-7": b"Soci+AOk-t+AOk-;1\n",
    "damaged-utf-8": "Zürich, Genève, Neuchâtel;1\n".encode() + b"\xc3;2\n",
    "damaged-utf-16": "Zürich\n".encode("utf-16") + b"\x00\xd8x",
}


@pytest.mark.parametrize("what", TEXTS)
def test_the_encoding_of_a_text_is_found(tmp_path, what):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXTS[what][0])
    assert encoding_of(path) == TEXTS[what][1]
    assert "Zürich" in path.read_text(encoding=encoding_of(path))


FOREIGN = (
    ("cp1250", "Jiří;Česká republika;životní prostředí;průmysl;Děti a mládež;Úřad;učitelů"),
    ("cp1250", "ľudia;školstvo;Výdavky na učebnice;Obec Hričov"),
    ("cp1250", "Spółka;Łódź;Fundacja Dzieci Świata;Księgowość"),
    ("cp1250", "Erdő;Idősek otthona;Költségvetési fejezet;Fejlesztő Központ"),
    ("cp1250", "Chişinău;Naţional;Consiliul Judeţean Iaşi;Bucureşti"),
    ("cp1250", "Milošević;Vučić;Općina;Ministarstvo vanjskih poslova"),
    ("cp1254", "Başbakanlık;Kızılay;İçişleri Bakanlığı"),
    ("shift_jis", "日本、名前;金額"),
    ("shift_jis", "こんにちは;1"),
    ("shift_jis", "みずほ;100"),
    ("big5", "台灣;1"),
    ("big5", "中國"),
    ("big5", "人道援助;香港;教育部"),
    ("iso2022_jp", "日本;1"),
    ("hz", "中国;1"),
    ("utf-7", "Łódź;Москва"),
    ("utf-7", "القاهرة;1"),
    ("utf-16-le", "Zürich;1"),
    ("utf-16-be", "Zürich;1"),
    ("utf-32", "Zürich;1"),
)
WESTERN = (
    "Société générale;très près;où;Côte d’Ivoire;Ève;l’ère;Noël;Élève;goût;œuvre;cœlacanthe",
    "São Tomé;ações;põe;Niño;1º;2ª;nº 5;Größe;Übergang;København;Sønderjylland;Færøerne;ære",
    "così lunedì;più;città;perché;è già;època històrica;qüestió;Føroyar;Tórshavn;Ørsted;Øystein",
    "Ísland;Alþingi;þýðing;lýðveldi;íþróttir;Põhja-Eesti;õigus;võõras;Škoda Auto;Miloš Zeman",
    "«Été» 25°C;1º y 2ª;¿Qué? ¡Sí!;½ ¼ ¾;µg/m³;±5 %;§ 5 Öffnung;©®™;N°É;¹²³;¥500;¼–½;«À»;‚Étage‘",
)


@pytest.mark.parametrize(("encoding", "text"), FOREIGN)
def test_what_would_read_as_other_letters_is_refused(tmp_path, encoding, text):
    path = tmp_path / "a.csv"
    path.write_bytes(f"{text}\r\n".encode(encoding))
    with pytest.raises(NotText):
        encoding_of(path)


@pytest.mark.parametrize("text", WESTERN)
def test_western_languages_are_read_in_the_encoding_of_windows(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(f"{text}\r\n".encode("cp1252"))
    assert encoding_of(path) == "cp1252"


@pytest.mark.parametrize(
    "text",
    ["+223-20 22 44", "a+b-c", "Vitamin+DHA", "UN+EU", "WASH+Health-2020", "GAVI+CEPI-Covax",
     "UN+Children, 2020", "UN+Children-2020", "Q1+Q2-Q3", "1+ABC-2", "+33 6 12-34", "A+BCD-E"],
)  # fmt: skip
def test_a_plus_sign_is_no_utf_7(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(f"{text};1\n")
    assert encoding_of(path) == "utf-8"


@pytest.mark.parametrize("code", NO_TEXTS)
def test_what_is_no_text_is_refused_for_money_and_for_documents_alike(tmp_path, code):
    path = tmp_path / "a.csv"
    path.write_bytes(NO_TEXTS[code])
    with pytest.raises(NotText) as caught:
        encoding_of(path)
    assert caught.value.code == code
    with pytest.raises(Refused):
        check_text(path)
    with pytest.raises(LoadError):
        list(open_grids(path))
