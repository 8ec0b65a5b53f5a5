"""The names of the reference data (`portal/data`) in the language of who reads them.

An office may give kinds of its own other names; those are shown as they are.
"""

from django.utils.translation import gettext, gettext_noop

NAMES = (
    # Kinds of documents.
    gettext_noop("Project document"),
    gettext_noop("Annual work plan"),
    gettext_noop("Budget"),
    gettext_noop("Memorandum of Understanding"),
    gettext_noop("Standard Administrative Arrangement"),
    gettext_noop("Terms of reference"),
    gettext_noop("Steering Committee minutes"),
    gettext_noop("Allocation decision"),
    gettext_noop("Extension or revision"),
    gettext_noop("Annual narrative report"),
    gettext_noop("Annual financial report"),
    gettext_noop("Final narrative report"),
    gettext_noop("Certified financial statement"),
    gettext_noop("Evaluation"),
    gettext_noop("Audit"),
    gettext_noop("Photo"),
    gettext_noop("News"),
    gettext_noop("Other"),
    # Budget categories of the United Nations, and those of before 2012.
    gettext_noop("Staff and other personnel"),
    gettext_noop("Supplies, commodities, materials"),
    gettext_noop("Equipment, vehicles and furniture, including depreciation"),
    gettext_noop("Contractual services"),
    gettext_noop("Travel"),
    gettext_noop("Transfers and grants to counterparts"),
    gettext_noop("General operating and other direct costs"),
    gettext_noop("Indirect support costs"),
    gettext_noop("Supplies, commodities, equipment and transport"),
    gettext_noop("Personnel (staff, consultants and travel)"),
    gettext_noop("Training of counterparts"),
    gettext_noop("Contracts"),
    gettext_noop("Other direct costs"),
)


def translated(name: str) -> str:
    """The name in the active language, as far as it is one of these."""
    return gettext(name) if name in NAMES else name
