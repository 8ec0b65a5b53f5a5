"""Addresses of the year-end board, staff's exports and the formats of files."""

from django.contrib.auth.decorators import login_required
from django.urls import path, register_converter
from django.urls.converters import IntConverter

from portal.about import formats
from portal.kit.years import year_of
from portal.staff.access import staff_only
from portal.staff.exports import views
from portal.staff.year_end import board


class YearConverter(IntConverter):
    """A year that money can have."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        """The year; ValueError, so that no address fits, where it can be none."""
        year = year_of(value)
        if year is None:
            raise ValueError(value)
        return year


register_converter(YearConverter, "year")

urlpatterns = [
    path("year-end/", board.latest, name="staff-year-end-latest"),
    path("year-end/<year:year>/", board.board, name="staff-year-end"),
    path("year-end/<year:year>/progress/", board.progress, name="staff-year-end-progress"),
    path("year-end/<year:year>/receive/", board.receive, name="staff-year-end-receive"),
    path("year-end/<year:year>/release/", board.release, name="staff-year-end-release"),
    path("formats/", staff_only()(formats.formats), name="staff-formats"),
    path("exports/", staff_only()(views.VoucherLineExports.as_view()), name="staff-exports"),
    path("exports/<int:pk>/", staff_only()(views.export_page), name="staff-export"),
    path("exports/<int:pk>/file/", login_required(views.export_file), name="staff-export-file"),
]
