"""What a file tells of itself: title, language, date, year, type."""

import re
import zipfile
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from documents.files import kinds

_JUNK = re.compile(r"(?i)^(microsoft (word|excel|powerpoint) - |untitled|document\d*$|"
                   r"(power)?point presentation|book\d+$|slide ?1$|scan|img[_ ]?\d)")  # fmt: skip
_COMMON = {
    "en": {"the", "and", "of", "to", "in", "for", "with", "was", "by", "this", "that", "is"},
    "fr": {"le", "la", "les", "des", "et", "du", "une", "dans", "pour", "par", "que", "sur"},
    "es": {"el", "los", "las", "y", "del", "una", "para", "por", "que", "con", "en", "se"},
    "pt": {"o", "os", "as", "e", "do", "da", "uma", "para", "por", "que", "com", "em", "não"},
}
_SCRIPTS = (("ar", "[؀-ۿ]"), ("ru", "[Ѐ-ӿ]"), ("zh", "[一-鿿]"))  # fmt: skip
_TYPES = (
    ("certified-financial-statement", r"certified|certifi|estado financiero certificado"),
    ("final-narrative-report", r"final\W.*(narrative|report)|rapport (narratif )?final|"
                               r"informe final"),
    ("annual-financial-report", r"(financial|financier|financiero).*(report|rapport|informe)|"
                                r"(report|rapport|informe).*(financial|financier|financiero)"),
    ("annual-narrative-report", r"(annual|narrative|progress).*report|rapport (annuel|narratif)|"
                                r"informe (anual|narrativo)"),
    ("evaluation", r"evaluation|évaluation|evaluación"),
    ("audit", r"\baudit"),
    ("steering-committee-minutes", r"minutes|procès.verbal|\bacta\b"),
    ("allocation-decision", r"allocation|decision"),
    ("extension-or-revision", r"extension|revision|amend"),
    ("terms-of-reference", r"terms of reference|\btor\b|termes de référence"),
    ("annual-work-plan", r"work ?plan|\bawp\b|plan de travail"),
    ("mou", r"memorandum|\bmou\b"),
    ("saa", r"administrative arrangement|\bsaa\b"),
    ("budget", r"budget|presupuesto"),
    ("project-document", r"project document|prodoc|document de projet"),
)  # fmt: skip
_DATE = re.compile(r"\b((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
# In a text a year is the one reported on only where it is said to be.
_TOLD = re.compile(
    r"(?i)\b(?:report|rapport|informe|relatório|period|période|período|year|année|año|ano)\b"
    r"\W+(?:[^\W_]+\W+){0,8}?(20[0-4]\d)(?!\d)"
)
_ORDINALS = (
    (1, r"1|first|1st|1er|1ère|premier|première|primer|primero|primeiro|i"),
    (2, r"2|second|2nd|2e|2ème|deuxième|second|segundo|ii"),
    (3, r"3|third|3rd|3e|3ème|troisième|tercer|tercero|terceiro|iii"),
    (4, r"4|fourth|4th|4e|4ème|quatrième|cuarto|quarto|iv"),
)
_SOME_PART = re.compile(
    r"(?i)\b(quarterly|half.?year|semi.?annual|semestriel|trimestriel|semestral|trimestral)"
)
_PARTS = (
    ("q", 4, r"quarter|trimestre"),
    ("h", 2, r"half|semester|semestre"),
)


def suggest(name: str, texts: list[str], stated: dict[str, str]) -> dict[str, Any]:
    """Title, language, document date, year and type as far as the file tells them."""
    stem = re.sub(r"[\s_]+", " ", PurePosixPath(name).stem).strip(" -")
    title = " ".join(stated.get("title", "").split())
    if len(title) < 5 or _JUNK.search(title):
        title = stem
    words = f"{stem} {title}"
    start = " ".join(texts)[:3000]
    year = _YEAR.search(words) or _TOLD.search(start)
    return {
        "title": title[:300],
        "type": next((code for code, rule in _TYPES if re.search(rule, words, re.I)), ""),
        "language": language_of(" ".join(texts)) or stated.get("language", "")[:2].lower(),
        "date": _date(name) or _date(stated.get("date", "")),
        "year": int(year[1]) if year else None,
        "period": part_of_year(words) or part_of_year(start[:300]),
    }


def part_of_year(text: str) -> str:
    """q1 … q4, h1 or h2 where the text names a quarter or a half of a year; "?" where it does not
    say which; else ""."""
    for letter, last, names in _PARTS:
        for number, words in _ORDINALS[:last]:
            short = "[qt]" if letter == "q" else "[hs]"
            rule = (
                rf"\b(?:{words})\W{{1,3}}(?:{names})\b|\b(?:{names})\W{{1,3}}(?:{words})\b"
                rf"|\b{short}{number}\b"
            )
            if re.search(rule, text, re.I):
                return f"{letter}{number}"
    return "?" if _SOME_PART.search(text) else ""


def language_of(text: str) -> str:
    """The ISO 639-1 code that the text's commonest words or letters speak for, or ""."""
    sample = text[:50_000].lower()
    letters = len(re.findall(r"[^\W\d_]", sample)) or 1
    for code, script in _SCRIPTS:
        if len(re.findall(script, sample)) > letters / 3:
            return code
    words = re.findall(r"[^\W\d_]+", sample)
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= max(3, len(words) // 25) else ""


def stated_of(path: Path, kind: str) -> dict[str, str]:
    """Title, language and date that the file states of itself; empty where its kind has none."""
    if kind == kinds.PDF:
        # Not for other files: it takes longer to come than they to be read.
        from documents.files.pdfs import facts_of

        return facts_of(path)
    name = {kinds.ODT: "meta.xml", kinds.ODS: "meta.xml", kinds.ODP: "meta.xml"}.get(
        kind, "docProps/core.xml" if kind in {kinds.DOCX, kinds.XLSX, kinds.PPTX} else ""
    )
    if not name:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(path) as package:
        if name not in package.namelist():
            return {}
        root = etree.fromstring(package.read(name)[: 1 << 20], parser)
    texts = {e.tag.rpartition("}")[2]: e.text or "" for e in root.iter() if isinstance(e.tag, str)}
    return {
        "title": texts.get("title", ""),
        "language": texts.get("language", ""),
        "date": texts.get("modified") or texts.get("date") or texts.get("created", ""),
    }


def _date(text: str) -> str:
    match = _DATE.search(text.replace("_", "-")) or re.match(r"(\d{4})-?(\d\d)-?(\d\d)", text)
    if not match:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""
