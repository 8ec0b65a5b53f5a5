"""Addresses of the year-end board, staff's exports and the formats of files."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from portal.staff import exports, formats
from portal.staff.rights import staff_only

urlpatterns = [
    path("formats/", staff_only(formats.formats), name="staff-formats"),
    path("exports/", staff_only(exports.VoucherLineExports.as_view()), name="staff-exports"),
    path("exports/<int:pk>/", staff_only(exports.export_page), name="staff-export"),
    path("exports/<int:pk>/file/", login_required(exports.export_file), name="staff-export-file"),
]
