"""Addresses of the gateway."""

from django.urls import path

from portal.gateway import documents, due, home, reviews, together, uploads

urlpatterns = [
    path("gateway/", home.home, name="gateway"),
    path("gateway/reports/", due.reports, name="gateway-reports"),
    path("gateway/project/<path:number>/", documents.project, name="gateway-project"),
    path("gateway/fund/<str:code>/", documents.fund, name="gateway-fund"),
    path("gateway/uploads/", uploads.begin, name="gateway-begin"),
    path("gateway/uploads/complete/", together.uploads_together, name="gateway-together"),
    path("gateway/upload/<uuid:pk>/", uploads.upload_page, name="gateway-upload"),
    path("gateway/upload/<uuid:pk>/part/<int:number>/", uploads.part, name="gateway-part"),
    path("gateway/upload/<uuid:pk>/finish/", uploads.finish, name="gateway-finish"),
    path("gateway/upload/<uuid:pk>/drop/", uploads.drop, name="gateway-drop"),
    path("gateway/upload/<uuid:pk>/file/", uploads.upload_file, name="gateway-upload-file"),
    path("gateway/document/<int:pk>/", documents.document, name="gateway-document"),
    path("gateway/document/<int:pk>/version/", documents.new_version, name="gateway-version"),
    path(
        "gateway/document/<int:pk>/v<int:version>/",
        documents.version_file,
        name="gateway-version-file",
    ),
    path("gateway/document/<int:pk>/publish/", documents.publish, name="gateway-publish"),
    path("gateway/document/<int:pk>/hold/", documents.hold, name="gateway-hold"),
    path("gateway/document/<int:pk>/withdraw/", documents.withdraw, name="gateway-withdraw"),
    path("gateway/document/<int:pk>/restore/", documents.restore, name="gateway-restore"),
    path("staff/reviews/", reviews.reviews, name="staff-reviews"),
    path("staff/review/<uuid:pk>/file/", reviews.review_file, name="staff-review-file"),
]
