"""Every public address before, during and after withholding: each kind in every format and at every
date (see `addresses` and `read_thrice`)."""

import json
import re
from decimal import Decimal

import pytest
from django.core.signing import Signer
from django.urls import reverse
from django.utils.timezone import localdate

from documents.models import DocumentVersion
from documents.verification import check_versions
from finance.models import Load, Seal, Voucher
from finance.reports.project_panels import REPORTS
from finance.sealing.verification import Scope, verify
from portal.about.helping import PAGES as HELP
from portal.api.resources import LISTS
from portal.api.twins.texts import TEXTS
from portal.following.services import SALT
from portal.models import PublicAnswer
from portal.public.performance.measures import MEASURES
from portal.public.views.beside import KINDS
from portal.public.views.funds import LABELS
from portal.public.views.presets import PRESETS
from portal.public.views.programs.discovery import SITEMAP
from portal.reporting.reminders import token_of
from portal.withholding.services import lift
from tests.factories import UserFactory
from tests.portal.withholding.crawl import (
    FACTSHEET,
    LIST,
    PAGE,
    addresses,
    public_names,
    read,
    read_thrice,
    saying,
    steady,
)
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db

# Of programs: JSON is what comes without a format.
DATA = ("", "csv")
SECRET = ("zanzibar", "pemba")
# What a visitor may look for who has half a memory of it.
# The link of a mail to somebody who follows nothing any more.
NOBODYS = Signer(salt=SALT).sign_object([0, "nobody@example.org"])
WORDS = ("zanz", "clinics", "map", "relief", "half", "floods", "pemb")
# The country itself is no secret: only that a project is there.
OF_COUNTRIES = {"country", "country-list", "country-records", "search", "search-suggestions"}
OF_COUNTRIES |= {"search-md", "api-countries", "api-countries-detail"}
# Pages with a table, as Markdown.
AS_TEXT = (
    "projects", "funds", "organizations", "contributors", "vouchers", "documents", "loads",
    "records", "reports", "decisions", "sub-grants", "withheld", "funds/flow", "fund/UNA00/report",
)  # fmt: skip
# Of each way to make a PDF one: they are drawn from the print views, which are all read.
DRAWN = {"project", "fund", "project-list", "contributor-statement", "records"}
# Of these there are many of one state: the first and the last are read in all formats.
MANY = {"load", "load-records", "api-loads-detail"}
# One figure of payments and one of arrangements: the others have the same tables.
_POSITIONS = ({"figure": "outstanding"}, {"figure": "exchange_differences"})
_DAYS = ({}, {"first": "2025-05-02", "second": "2025-05-09"})
_FIGURES = ({}, *({"figure": figure} for figure in ("approved", "expenditure")))


def _patterns(world):
    """For each name of a public pattern: arguments, formats, queries."""
    return {
        **_of_the_site(world),
        **_of_projects(world),
        **_of_funds(),
        **_of_organizations(world),
        **_of_loads_and_documents(world),
        **_of_programs(world),
    }


def _of_the_site(world):
    lists = ("fund", "organization", "country", "voucher", "document", "seal", "load")
    texts = ("glossary", "contact", "scam-alert", "information-disclosure", "feedback")
    machines = ("theme-css", "robots-txt", "home", "help")
    return {
        **{f"{name}-list": ([{}], LIST, ({},)) for name in lists},
        **{name: ([{}], PAGE, ({},)) for name in (*texts, *machines)},
        **{name: ([{}], PAGE, ({},)) for name in ("feedback-thanks", "data", "formats")},
        "search": ([{}], ("", "json"), tuple({"q": q} for q in WORDS)),
        "search-suggestions": ([{}], PAGE, tuple({"q": q} for q in WORDS)),
        "withheld": ([{}], LIST, ({},)),
        "help-page": ([{"name": name} for name in HELP], PAGE, ({},)),
        "side-by-side": ([{"kind": kind} for kind in KINDS], LIST, ({},)),
        "decision-list": ([{}], LIST, ({}, *({"q": q} for q in WORDS))),
        "sub-grant-list": ([{}], LIST, ({}, {"partner_type": "local"})),
        "records": ([{}], LIST, _FIGURES),
        "report-list": ([{}], LIST, ({}, {"state": "open"}, {"fund": "UNA00"})),
        "reminders-stop": ([{"token": token_of(world.keeper)}], PAGE, ({},)),
        "follow": ([{}], PAGE, ({"kind": "fund", "key": "UNA00"},)),
        "follow-asked": ([{}], PAGE, ({},)),
        "follow-confirm": ([{"token": NOBODYS}], PAGE, ({},)),
        "follow-stop": ([{"token": NOBODYS}], PAGE, ({},)),
        "sitemap": ([{}], PAGE, ({},)),
        "sitemap-part": ([{"kind": kind, "number": 1} for kind in SITEMAP], PAGE, ({},)),
        "data-catalogue": ([{}], PAGE, ({},)),
        "format-template": ([{"kind": "projects", "format": "csv"}], PAGE, ({},)),
    }


def _of_projects(world):
    project = [{"number": p.number} for p in (world.project, world.open, world.half)]
    reports = tuple({"report_by": name} for name in REPORTS)
    return {
        "project-list": ([{}], LIST, ({}, {"q": "clinics"}, {"sort": "-title"})),
        "project-preset": ([{"preset": name} for name in PRESETS], LIST, ({},)),
        "project-closure": (project, LIST, ({},)),
        "project-revisions": (project, LIST, ({},)),
        "project-reports-ics": (project, PAGE, ({},)),
        "project": (project, FACTSHEET, ({},)),
        "key-figures": (project, LIST, reports),
        "project-vouchers": (project, LIST, ({},)),
        "project-documents": (project, LIST, ({},)),
        "project-other-flows": (project, LIST, ({},)),
        "project-records": (project, LIST, _FIGURES),
        "project-changes": (project, LIST, ({},)),
        "project-compare": (project, LIST, _DAYS),
        "project-feed": (project, PAGE, ({},)),
        "project-documents-zip": (project, PAGE, ({},)),
    }


def _of_funds():
    fund = [{"code": "UNA00"}, {"code": "SEC00"}]
    return {
        "fund": (fund, LIST, ({},)),
        "fund-compare": (fund, LIST, _DAYS),
        "fund-feed": (fund, PAGE, ({},)),
        "fund-reports-ics": (fund, PAGE, ({},)),
        "fund-other-flows": (fund, LIST, ({},)),
        "fund-records": (fund, LIST, _FIGURES),
        "fund-statement": (fund, LIST, ({}, {"year": "2024"})),
        "fund-outstanding": (fund, LIST, _POSITIONS),
        "fund-workbook": (fund, PAGE, ({},)),
        "fund-decisions": ([{"code": "UNA00", "on": "2020-09-01"}], LIST, ({},)),
        "fund-forward": (fund, LIST, ({}, {"quarter": "2026-4"})),
        "fund-annual": (fund, LIST, ({"year": "2021"},)),
        "fund-edition": ([{"code": "UNA00", "year": 2021, "number": 1}], LIST, ({},)),
        "fund-report": (fund, LIST, tuple({"report_by": name} for name in LABELS)),
        "funds-statement": ([{}], LIST, ({},)),
        "funds-flow": ([{}], LIST, ({},)),
        "funds-performance": ([{}], LIST, ({},)),
        "fund-performance": (fund, LIST, ({},)),
        "funds-performance-projects": ([{"measure": key} for key in MEASURES], LIST, ({},)),
        "fund-performance-projects": (
            [{**one, "measure": "first-transfer"} for one in fund],
            LIST,
            ({}, {"part": "0-30"}),
        ),
        "funds-records": ([{}], LIST, _FIGURES),
        "outstanding": ([{}], LIST, _POSITIONS),
    }


def _of_organizations(world):
    organization = [{"code": code} for code in (world.organization.code, world.other.code)]
    contributor = {"code": world.other.code}
    country = [{"code": "XP"}, {"code": "PEMBA"}]
    reports = tuple({"report_by": name} for name in ("fund", "project", "year"))
    notional = ({"figure": "net_funded", "fund": "UNA00"},)
    return {
        "contributor-list": ([{}], LIST, ({},)),
        "contributor": ([contributor], LIST, ({},)),
        "contributor-statement": ([contributor | {"year": 2025}], LIST, ({},)),
        "contributor-records": ([contributor], LIST, ({"figure": "deposit"},)),
        "contributor-outstanding": ([contributor], LIST, _POSITIONS),
        "contributor-forward": ([contributor], LIST, ({},)),
        "contributor-notional": ([contributor], LIST, notional),
        "organization": (organization, LIST, ({},)),
        "organization-records": (organization, LIST, ({},)),
        "organization-report": (organization, LIST, reports),
        "organization-reports-ics": (organization, PAGE, ({},)),
        "country": (country, LIST, ({},)),
        "country-records": (country, LIST, ({},)),
    }


def _loads(world):
    """All of them, the one that will be withheld as the last."""
    others = Load.objects.exclude(pk=world.load.pk).order_by("pk")
    return [{"pk": pk} for pk in (*others.values_list("pk", flat=True), world.load.pk)]


def _of_loads_and_documents(world):
    vouchers = Voucher.objects.filter(number__in=["Zanzibar/10", "Zanzibar/20"])
    loads = _loads(world)
    documents = list(DocumentVersion.objects.values_list("document", flat=True))
    document = [{"pk": pk} for pk in documents]
    return {
        "voucher": ([{"pk": voucher.pk} for voucher in vouchers], PAGE, ({},)),
        "load": (loads, LIST, ({},)),
        "load-records": (loads, LIST, ({}, {"what": "withdrawn"})),
        "seal-entities": ([{}], PAGE, ({},)),
        "seal-file": ([{"number": s.number} for s in Seal.objects.all()], PAGE, ({},)),
        "document": (document, PAGE, ({},)),
        "document-version": ([{"pk": pk, "version": 1} for pk in documents], PAGE, ({},)),
        "document-search": ([{}], PAGE, tuple({"q": q} for q in WORDS)),
        "document-feed": ([{}], PAGE, ({},)),
        "document-history": (document, PAGE, ({},)),
    }


def _of_programs(world):
    things = {
        "projects": [{"number": p.number} for p in (world.project, world.open, world.half)],
        "funds": [{"code": "UNA00"}, {"code": "SEC00"}],
        "organizations": [{"code": code} for code in (world.organization.code, world.other.code)],
        "countries": [{"code": "XP"}, {"code": "PEMBA"}],
        "contributors": [{"code": world.other.code}],
        "vouchers": [
            {"pk": voucher.pk}
            for voucher in Voucher.objects.filter(number__in=["Zanzibar/10", "Zanzibar/20"])
        ],
        "loads": _loads(world),
        "documents": [
            {"pk": pk} for pk in DocumentVersion.objects.values_list("document", flat=True)
        ],
    }
    return {
        **{f"api-{name}": ([{}], DATA, ({},)) for name in LISTS},
        **{f"api-{name}-detail": (which, DATA, ({},)) for name, which in things.items()},
        **{
            f"{name[:-1]}-md": (things[name], PAGE, ({},))
            for name in ("projects", "funds", "organizations", "contributors")
        },
        "home-md": ([{}], PAGE, ({},)),
        **{f"{name}-md": ([{}], PAGE, ({},)) for name in TEXTS if name != "help-page"},
        "help-page-md": ([{"name": name} for name in HELP], PAGE, ({},)),
        "search-md": ([{}], PAGE, tuple({"q": q} for q in WORDS)),
        "page-md": ([{"address": address} for address in AS_TEXT], PAGE, ({},)),
        "api": ([{}], PAGE, ({},)),
        "llms-txt": ([{}], PAGE, ({},)),
        "api-index": ([{}], PAGE, ({},)),
        "api-schema": ([{}], PAGE, ({},)),
    }


def addresses_of(world):
    """All addresses, each with the name of its pattern."""
    return {
        url: name
        for name, (arguments, formats, queries) in _patterns(world).items()
        for kwargs in arguments
        for url in addresses(
            reverse(name, kwargs=kwargs),
            formats,
            queries,
            drawn=name in DRAWN and kwargs is arguments[-1],
            whole=name not in MANY or kwargs in (arguments[0], arguments[-1]),
            last=kwargs is arguments[-1],
        )
    }


def one_address_of_each(world):
    """The first address of each pattern, without a query."""
    first = {}
    for url, name in addresses_of(world).items():
        if "?" not in url.rstrip("?"):
            first.setdefault(name, url)
    return list(first.values())


def _sums(pages):
    """Count and sum of the records that a page lists; of the secret ones there is no page now."""
    sums = {}
    for url, (status, text) in pages.items():
        if re.match(r"(?!/load).*records/.*=json", url) and status == 200:
            rows = json.loads(text.partition("\n\n")[2], parse_float=Decimal)["rows"]
            sums[url] = (len(rows), sum(Decimal(row["counted"]) for row in rows))
    return sums


def _clean():
    result = verify(Scope(), more=(check_versions,))
    assert result.ok, result.difference


def test_the_whole_site_says_no_secret_while_withheld_and_all_of_them_before_and_after(client):
    world, by = World(), UserFactory(is_staff=True)
    known = addresses_of(world)
    # Files of editions and packages go with the first withholding: tests/portal/work.
    elsewhere = {"office-logo", "favicon", "document-preview", "fund-edition-file"}
    elsewhere |= {"data-package", "data-package-part"}
    # Made anew without it, or not shown: tests/portal/iati.
    elsewhere |= {"iati-file", "iati-registry", "iati-comparison"}
    # Asked by messages (tests/portal/api/test_assistants.py); hashes only.
    elsewhere |= {"api-mcp", "seal-checkpoint", "seal-checkpoint-newest", "seal-time-stamp"}
    # Of whoever is signed in.
    elsewhere.add("inbox-mails")
    assert set(known.values()) == public_names() - elsewhere
    some = read_thrice(known)
    # The page of seals tells when that was done last.
    _clean()
    before = read(client, some)
    assert {url: status for url, (status, _text) in before.items() if status != 200} == {}
    assert len(saying(before, *SECRET)) > 100
    sums = _sums(before)
    assert sum(count for count, _sum in sums.values()) > 100

    done = world.withhold_all(by)
    during = read(client, known)
    told = [url for url in saying(during, *SECRET) if known[url] not in OF_COUNTRIES]
    assert told == []
    assert saying(during, "zanzibar") == []
    # A file without dates refuses them.
    refused = {url for url, (status, _text) in during.items() if status == 400}
    assert all(re.search("(as_of|until)=", url) for url in refused)
    assert {status for status, _text in during.values()} - {400} == {200, 410}
    left = _sums(during)
    assert left.pop("/country/PEMBA/records/?format=json") == (0, 0)
    assert {url: left[url] for url in left.keys() & sums} == {
        url: sums[url] for url in left.keys() & sums
    }
    assert "/records/?format=json" in left
    _clean()

    for withholding in reversed(done):
        lift(withholding=withholding, reason="over", by=by)
    # What quoted it is published again by staff, not by itself.
    assert PublicAnswer.objects.filter(published_on=None).update(published_on=localdate())
    ours, theirs = steady(before), steady(read(client, some))
    assert {url for url in ours if ours[url] != theirs[url]} == set()
    _clean()
