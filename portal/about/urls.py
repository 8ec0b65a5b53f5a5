"""Addresses of the pages about the site itself."""

from django.urls import path

from portal.about import comparisons, feedback, formats, helping, iati_files, look, packages, pages

urlpatterns = [
    path("glossary/", pages.glossary, name="glossary"),
    path("help/", helping.index, name="help"),
    path("help/<slug:name>/", helping.page, name="help-page"),
    path("contact/", pages.contact, name="contact"),
    path("scam-alert/", pages.scam_alert, name="scam-alert"),
    path("information-disclosure/", pages.information_disclosure, name="information-disclosure"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/thanks/", feedback.thanks, name="feedback-thanks"),
    path("data/", pages.data, name="data"),
    path("data/formats/", formats.formats, name="formats"),
    path("data/formats/<slug:kind>.<slug:format>", formats.template_file, name="format-template"),
    path("data/iati/registry.csv", iati_files.registry, name="iati-registry"),
    path("data/iati/comparison/<int:pk>/", comparisons.comparison, name="iati-comparison"),
    path("data/iati/<str:name>.xml", iati_files.iati_file, name="iati-file"),
    path("data/package/<str:name>.zip", packages.package_file, name="data-package"),
    path("data/package/<str:name>/<str:part>", packages.package_part, name="data-package-part"),
    path("theme.css", look.theme_css, name="theme-css"),
    path("office/logo/", look.office_logo, name="office-logo"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots_txt, name="robots-txt"),
]
