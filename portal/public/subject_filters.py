"""Filters of projects by what they are about: codes of public lists, offered where any has them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kit.language.code_lists import code_list
from portal.kit.text import Words
from projects.models import ProjectSubject
from projects.models.subjects import LISTS

Subjects = ProjectSubject.Scheme


def _codes(scheme: str) -> list[tuple[str, Words]]:
    """All codes of its list, with what they mean."""
    listed = LISTS.get(Subjects(scheme))
    if listed is None:
        return [("1", _("yes"))]
    return [(code, said[0]) for code, said in code_list(listed).items()]


class SubjectFilter(filters.ChoiceFilter):
    """By a code of a public list that a project's source gives it."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        # Asked for when need be: each form would copy hundreds of choices.
        codes = partial(_codes, scheme)
        super().__init__(label=Subjects(scheme).label, choices=codes, empty_label=_("any"))

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Projects that have the code."""
        if not value:
            return qs
        having = ProjectSubject.objects.filter(scheme=self.scheme, code=value)
        return qs.filter(Exists(having.filter(project=OuterRef("pk"))))


def offer_subjects(form: Any, there: Callable[[], Iterable[tuple[str, str]]]) -> None:
    """Offer the codes that are `there`, each with its scheme; a list without any goes."""
    names = [scheme for scheme in Subjects.values if scheme in form.fields]
    if not names or getattr(form, "subjects_offered", False):
        return
    form.subjects_offered = True
    offered = defaultdict(set)
    for scheme, code in there():
        offered[scheme].add(code)
    for name in names:
        field = form.fields[name]
        chosen = form.data.get(name) if form.is_bound else None
        if not offered[name] and not chosen:
            del form.fields[name]
            continue
        wanted = {chosen, *offered[name]} - {""}
        # The field itself puts "any" before them.
        field.choices = [(code, said) for code, said in _codes(name) if code in wanted]
