"""The sample's documents: small real PDF files of some projects and of each fund."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from documents.intake import begin_upload, take_whole
from documents.models import Document, DocumentEvent, DocumentType, DocumentVersion, FundRule
from documents.services import submit
from portal.sample.funds import FUNDS, FundSpec
from portal.sample.pdf import one_page
from portal.sample.source_file import moment
from portal.sample.story import PRESENT, ProjectPlan
from projects.models import Extension, Fund, Organization, Project, User

FAMOUS = "00102004"
EVERY = 7
NOTE = "SAMPLE – this document is invented and shows only what a document looks like."


@dataclass(slots=True)
class Paper:
    """A document to be made."""

    type: str
    title: str
    on: date
    state: str = "public"
    language: str = "en"
    versions: int = 1
    url: str = ""
    extension: Extension | None = None
    year: int | None = None
    period: str = ""
    organization: str = ""  # of which, by its code; empty: of all together


def store_documents(
    plans: list[ProjectPlan], projects: dict[str, Project], by: User
) -> Iterator[str]:
    """Make all documents; yields the name of each stored file as soon as it is written."""
    types = {kind.code: kind for kind in DocumentType.objects.all()}
    chosen = [plan for plan in plans if plan.number == FAMOUS] + plans[3::EVERY]
    with _given_times():
        for position, plan in enumerate(chosen):
            project = projects[plan.number]
            for paper in _papers(plan, project, position):
                text = [f"Project {plan.number}", "", *plan.narrative.split("\n")]
                yield from _store(Document(project=project), paper, types, by, text)
        funds = {fund.code: fund for fund in Fund.objects.all()}
        for spec in FUNDS:
            for paper in _fund_papers(spec):
                text = [f"Fund {spec.code}", "", spec.description]
                yield from _store(Document(fund=funds[spec.code]), paper, types, by, text)


@contextmanager
def _given_times() -> Iterator[None]:
    """Let documents have been added in the sample's past instead of now."""
    field = Document._meta.get_field("added_at")
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True


def _papers(plan: ProjectPlan, project: Project, position: int) -> list[Paper]:
    papers = [
        Paper("project-document", "Project document", plan.approved_on, versions=1 + position % 2),
        Paper("allocation-decision", "Decision on the allocation", plan.approved_on),
    ]
    if plan.budgets:
        papers.append(Paper("budget", "Approved budget by category", plan.approved_on))
    done, settled = plan.set_on("operationally-closed"), plan.set_on("financially-closed")
    # In some joint programmes each organization reports by itself, and one of them has not yet.
    alone = plan.organizations[0] if position % 2 and len(plan.organizations) > 1 else ""
    for year in range(plan.start.year, min((done or PRESENT).year, 2025) + 1):
        on = date(year + 1, 3, 24) + timedelta(days=position % 20)
        title = f"Annual narrative report {year}"
        report = Paper("annual-narrative-report", title, on, year=year, period="year")
        report.organization = alone
        papers.append(report)
    if not done:
        title, on = "Progress report, first quarter of 2026", date(2026, 5, 4)
        report = Paper("annual-narrative-report", title, on, year=2026, period="q1")
        papers.insert(2, report)
    if done:
        on = done + timedelta(days=80)
        papers.append(Paper("final-narrative-report", "Final narrative report", on, period="final"))
    if settled:
        papers.append(
            Paper("certified-financial-statement", "Certified financial statement", settled,
                  period="final")
        )  # fmt: skip
    for extension in project.extensions.all():
        title = f"Approval of the extension to {extension.new_end:%d %b %Y}"
        papers.append(
            Paper("extension-or-revision", title, extension.approved_on, extension=extension)
        )
    if position % 9 == 4:
        url = f"https://evaluations.example.org/{plan.number}"
        papers.append(Paper("evaluation", "Independent evaluation", plan.end, url=url))
    papers = [paper for paper in papers if paper.on < PRESENT][:8]
    if position % 8 == 2:
        papers[-1].state = "held"
    if position % 8 == 5:
        papers[-1].state = "withdrawn"
    for paper in papers:
        paper.language = plan.language
    return papers


def _fund_papers(spec: FundSpec) -> list[Paper]:
    first = spec.first_year
    return [
        Paper("terms-of-reference", "Terms of reference", date(first, 1, 15), versions=2),
        Paper("mou", "Memorandum of Understanding", date(first, 1, 29)),
        Paper("saa", "Standard Administrative Arrangement", date(first, 2, 4)),
        Paper("steering-committee-minutes", "Steering Committee, minutes", date(2025, 11, 18)),
        Paper("annual-financial-report", "Consolidated report 2024", date(2025, 5, 28)),
        Paper("annual-financial-report", "Consolidated report 2025", date(2026, 5, 29)),
    ]


def _store(
    document: Document, paper: Paper, types: dict[str, DocumentType], by: User, text: list[str]
) -> Iterator[str]:
    document.type = types[paper.type]
    document.title = paper.title
    document.languages = [paper.language]
    document.document_date = paper.on
    document.year_reported, document.period = paper.year, paper.period
    if paper.organization:
        document.organization = Organization.objects.get(code=paper.organization)
    document.url = paper.url
    document.media_type = "text/html" if paper.url else "application/pdf"
    document.state = paper.state
    document.extension = paper.extension
    document.added_at = moment(paper.on + timedelta(days=2), 13, 20)
    document.save()
    for number in range(1, 1 if paper.url else paper.versions + 1):
        subtitle = f"{paper.on:%d %B %Y}, version {number}"
        content = one_page(paper.title, [NOTE, subtitle, "", *text])
        version = DocumentVersion(
            document=document,
            number=number,
            file_name=f"{slugify(text[0] + ' ' + paper.title)}-v{number}.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_at=moment(paper.on + timedelta(days=2 + 30 * (number - 1)), 13, 20),
            uploaded_by=by,
        )
        version.file.save(version.file_name, ContentFile(content), save=False)
        yield str(version.file.name)
        version.save()
        _note(version, paper)


def _note(version: DocumentVersion, paper: Paper) -> None:
    """What the document's history says of it."""
    kinds = DocumentEvent.Kind
    document, at = version.document, version.uploaded_at
    known = {"document": document, "by": version.uploaded_by, "version": version.number}
    first = version.number == 1
    DocumentEvent(kind=kinds.UPLOADED if first else kinds.REPLACED, at=at, **known).save()
    if first and paper.state != "held":
        DocumentEvent(kind=kinds.PUBLISHED, at=at, **known).save()
    if paper.state == "withdrawn" and version.number == paper.versions:
        later = at + timedelta(days=40)
        reason = "It named a person who had not agreed."
        DocumentEvent(kind=kinds.WITHDRAWN, at=later, reason=reason, **known).save()


def store_drafts(project: Project, by: User) -> Iterator[str]:
    """A file that waits for its title, and one that the fund office is to review."""
    FundRule.objects.create(fund=project.fund, review=True)
    lines = [NOTE, "", "Questions are answered at +223 20 22 33 44."]
    for title, publish in (("Annual narrative report 2017", False), ("Photo essay", True)):
        content = one_page(title, lines)
        file = SimpleUploadedFile(f"{slugify(title)}.pdf", content)
        made = begin_upload(by=by, of=project, file_name=str(file.name), size=len(content))
        upload = take_whole(upload=made, content=file)
        yield upload.stored_name
        if publish:
            kind = DocumentType.objects.get(code="photo")
            submit(upload=upload, title=title, type=kind, languages=["en"], document_date=None,
                   publish=True)  # fmt: skip
