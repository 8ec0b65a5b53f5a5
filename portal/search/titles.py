"""Finding what has a title: documents, and terms of the glossary."""

from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from documents.models import Document
from portal.about.glossary import entries
from portal.kit.formatting import day
from portal.kit.text import WORD, fold, number_forms, searchable
from portal.kit.together import first_with_rows
from portal.search.hits import COUNTED, SHOWN, Group, Hit, Match
from portal.search.names import has_word
from portal.search.projects import with_words
from portal.search.words import Asked, any_of, marked, most_of, query
from projects.models import Fund, Office, OfficeTerm

# So many projects are looked through for documents, and so many words may name them.
SUBJECTS, MOST_OF_SUBJECT = 300, 3


def found_documents(asked: Asked, *, most: bool) -> Group:
    """Public documents with all the words in their title."""
    group = Group("documents", _("Documents"))
    asked = asked.of("documents")
    rows = Document.objects.public().alias(words=searchable("title"))
    ways: list[tuple[Any, Match, int]] = [
        (query(asked.words, beginnings=False), Match.TITLE, 0),
        (query(asked.words), Match.TITLE_BEGINS, 0),
    ]
    if most:
        lacking = range(1, len(asked.words))
        ways += [(most_of(asked.words, less), Match.TITLE_BEGINS, less) for less in lacking]
    first = first_with_rows(*(rows.filter(words=wanted) for wanted, _match, _missing in ways))
    if first is not None:
        wanted, group.match, group.missing = ways[first]
        found = rows.filter(words=wanted)
    elif not most and (of_it := _of_subject(rows, asked.words)):
        found, group.match = of_it, Match.TEXT
    else:
        return group
    group.count = found.order_by()[: COUNTED + 1].count()
    # Whole words before beginnings, and the newest first.
    whole = SearchRank(F("words"), any_of(asked.words)).desc()
    ranked = found.filter(pk__in=found.order_by().values("pk")[:COUNTED])
    ordered = ranked.order_by(whole, F("document_date").desc(nulls_last=True), "pk")
    group.hits = [
        Hit(
            marked(document.title, asked.words),
            document.get_absolute_url(),
            "",
            _document_facts(document),
        )
        for document in ordered.select_related("type", "project", "fund")[:SHOWN]
    ]
    if group.count > SHOWN and not group.missing and group.match != Match.TEXT:
        group.url = f"{reverse('document-list')}?{urlencode({'q': asked.text})}"
    return group


def _of_subject(rows: Any, words: list[str]) -> Any:
    """Documents with some of the words in their title, and the others in what they are about:
    name, country or number of their project or fund. None where there is none."""
    if len(words) == 1:
        return None
    in_titles = [word for word in words if rows.filter(words=query([word])).exists()]
    others = [word for word in words if word not in in_titles]
    for subject in [others] if others else [[word] for word in reversed(words)]:
        title = [word for word in in_titles if word not in subject]
        if not title or len(subject) > MOST_OF_SUBJECT:
            continue
        funds = Fund.objects.all()
        for word in subject:
            funds = funds.filter(has_word(word))
        projects = with_words(subject, SUBJECTS)
        about = Q(project__in=projects) | Q(fund__in=funds)
        found = rows.filter(about, words=query(title))
        if found.exists():
            return found
    return None


def found_terms(asked: Asked, *, most: bool) -> Group:
    """Terms of the glossary whose name has words of the search, the fullest match first."""
    found = []
    for entry in entries(Office.current(), OfficeTerm.objects.read()):
        names = WORD.findall(fold(entry.name))
        lacking = sum(not _begins(names, word) for word in asked.words)
        # Of a term with a word too much: all of the term has to be there.
        is_within = set(names) <= set(asked.words)
        if not lacking or (most and lacking < len(asked.words) and is_within):
            found.append((lacking, len(names), entry))
    found.sort(key=lambda row: row[:2])
    hits = [
        Hit(
            marked(entry.name, asked.words),
            f"{reverse('glossary')}#{entry.anchor}",
            "",
            (Truncator(entry.definition).words(24),),
        )
        for _lacking, _length, entry in found
    ]
    group = Group("terms", _("Words explained"), hits[:SHOWN], len(hits))
    if found:
        lacking, length, _entry = found[0]
        group.missing = lacking
        group.match = Match.EXACT if length == len(asked.words) and not lacking else Match.TITLE
    return group


def _begins(names: list[str], word: str) -> bool:
    return any(name.startswith(form) for form in number_forms(word) for name in names)


def _document_facts(document: Document) -> tuple[str, ...]:
    of = document.project or document.fund
    dated = day(document.document_date) if document.document_date else ""
    return tuple(filter(None, (str(document.type), dated, Truncator(str(of)).chars(90))))
