"""Addresses of the staff's room."""

from django.urls import path

from portal.staff import home
from portal.staff.loads import (
    actions,
    corrections,
    detail,
    entry,
    files,
    lines,
    lists,
    mapping,
    mending,
)

urlpatterns = [
    path("", home.room, name="staff"),
    path("loads/", lists.loads, name="staff-loads"),
    path("loads/new/", entry.new_load, name="staff-load-new"),
    path("load/<int:pk>/", detail.load, name="staff-load"),
    path("load/<int:pk>/progress/", detail.progress, name="staff-load-progress"),
    path("load/<int:pk>/lines/", lines.lines, name="staff-load-lines"),
    path("load/<int:pk>/remarks/", lists.remarks, name="staff-load-remarks"),
    path("load/<int:pk>/file/", files.original, name="staff-load-file"),
    path("load/<int:pk>/remarks.xlsx", files.with_remarks, name="staff-load-remarks-file"),
    path("load/<int:pk>/mend/", mending.mend, name="staff-load-mend"),
    path("load/<int:pk>/mapping/", mapping.mapping, name="staff-load-mapping"),
    path("load/<int:pk>/acknowledge/", actions.acknowledge, name="staff-load-acknowledge"),
    path("load/<int:pk>/confirm/", actions.confirm, name="staff-load-confirm"),
    path("load/<int:pk>/check/", actions.check_again, name="staff-load-check"),
    path("load/<int:pk>/reject/", actions.reject, name="staff-load-reject"),
    path("load/<int:pk>/release/", actions.release, name="staff-load-release"),
    path("load/<int:pk>/reverse/", actions.reverse_load, name="staff-load-reverse"),
    path("records/", corrections.records, name="staff-records"),
    path("record/<slug:kind>/<int:pk>/", corrections.correct, name="staff-record"),
]
