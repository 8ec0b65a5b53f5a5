"""Filters by what names a project, for lists of whatever hangs on projects."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from projects.models import Project


class ProjectNumberFilter(filters.CharFilter):
    """Rows of the project with exactly this number, whatever its case."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """By the unique index of numbers; all rows where nothing is asked."""
        number = (value or "").strip()
        if not number:
            return qs
        name = self.field_name or "project"
        return qs.filter(**{f"{name}__in": Project.objects.numbered(number).values("pk")})
