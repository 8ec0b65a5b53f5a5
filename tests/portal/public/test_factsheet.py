"""The factsheet: all its parts, with the faults of its model mended."""

import gzip
import subprocess
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from lxml import html
from pypdf import PdfReader

from documents.models import GatewayAccess
from finance.models import Seal, VoucherLine
from projects.models import Extension, Office, Status, Theme
from tests.factories import (
    ContactFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    budget,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


def page(client, project, query=""):
    """The factsheet as a tree."""
    response = client.get(project.get_absolute_url() + query)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def text(tree, path="."):
    """The words of what the path finds."""
    return " ".join(" ".join(part.text_content() for part in tree.xpath(path)).split())


def section(tree, anchor):
    """The words of one panel."""
    return text(tree, f"//section[@id='{anchor}']")


def rows(tree, table):
    """The cells of a table, with its totals."""
    found = tree.xpath(f"//table[@id='{table}']//tr[td]")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found]


@pytest.fixture
def project():
    """Two organizations, three years, all states, an extension, a refund, an old voucher."""
    theme = Theme.objects.create(
        name="UN Action Against Sexual Violence in Conflict",
        ledger_label="UN Action Against Sexual Viole",
    )
    project = ProjectFactory(
        number="00102004",
        theme=theme,
        narrative="First paragraph.\n\nSecond paragraph.",
        status=Status.OPERATIONALLY_CLOSED,
        status_on=date(2018, 1, 31),
        original_end=date(2017, 3, 31),
    )
    Extension.objects.create(
        project=project,
        old_end=date(2017, 3, 31),
        new_end=date(2017, 9, 13),
        approved_on=date(2017, 2, 1),
    )
    first = OrganizationFactory(name="Éthiopie Organization", short_name="EO", code="EO")
    second = OrganizationFactory(name="Zambia Organization", code="ZO")
    for organization in (first, second):
        ParticipationFactory(project=project, organization=organization)
    released(
        budget(project, 1500, date(2016, 1, 1), organization_id=first.pk),
        transfer(project, 100, date(2008, 12, 31), organization_id=first.pk),
        transfer(project, 1000, date(2016, 9, 15), organization_id=first.pk),
        transfer(project, 500, date(2017, 1, 15), organization_id=second.pk),
        transfer(project, -50, date(2018, 1, 15), organization_id=first.pk),
        expenditure(project, 400, 2016, "reported", organization_id=first.pk),
        expenditure(project, 700, 2017, "certified", organization_id=first.pk),
        expenditure(project, 60, 2018, "interim", organization_id=second.pk),
    )
    return project


def test_every_footnote_mark_leads_to_a_footnote_and_back_words_are_whole(client, project):
    tree = page(client, project)
    marks = tree.xpath("//a[@class='fn']/@href")
    assert marks == ["#fn-start", "#fn-end"]
    for mark in marks:
        assert text(tree, f"//*[@id='{mark[1:]}']")
    facts = section(tree, "facts")
    assert "UN Action Against Sexual Violence in Conflict" in facts
    assert "Éthiopie Organization" in facts
    assert "00102004" in facts


def test_dates_are_derived_and_extensions_told(client, project):
    facts = section(page(client, project), "facts")
    assert "31 Dec 2008" in facts  # the first transfer
    assert "13 Sep 2017" in facts
    assert "extended from 31 Mar 2017 to 13 Sep 2017, approved 1 Feb 2017" in facts


def test_a_transfer_of_zero_starts_no_project(client):
    project = ProjectFactory()
    released(transfer(project, 0, date(1999, 1, 1)), transfer(project, 5, date(2008, 12, 31)))
    facts = section(page(client, project), "facts")
    assert "31 Dec 2008" in facts
    assert "1 Jan 1999" not in facts


def test_the_status_says_since_when_and_what_it_means(client, project):
    line = text(page(client, project), "//p[@class='status-line']")
    assert line.startswith("Operationally Closed since 31 Jan 2018: all activities are done")


def test_all_links_within_the_page_have_their_target(client, project):
    tree = page(client, project)
    ids = set(tree.xpath("//@id"))
    assert {href[1:] for href in tree.xpath("//a/@href[starts-with(., '#')]")} <= ids


def test_the_opening_sentence_says_what_was_passed_on_spent_and_returned(client, project):
    lead = text(page(client, project), "//p[@class='lead']")
    assert "Since 31 Dec 2008 the fund passed US$ 1,600 to EO, Zambia Organization." in lead
    # The certified 700 is cumulative: 400 of it were reported before.
    assert "They report US$ 760 spent up to 31 Dec 2018" in lead
    assert "has not audited" in lead
    assert "US$ 50 came back." in lead


def test_key_facts_follow_the_formulas(client, project):
    facts = section(page(client, project), "glance")
    for words in ("1,500", "1,550", "760", "49.0\N{NO-BREAK SPACE}%".replace("\xa0", " "), "790"):
        assert words in facts
    assert "Time elapsed" in facts
    assert "Delivery rate" in facts


def test_figures_by_year_say_their_state_and_the_rule(client, project):
    tree = page(client, project)
    table = rows(tree, "by-year")
    assert [(row[0], row[6]) for row in table[:-1]] == [
        ("2008", "n/a"), ("2016", "reported"), ("2017", "certified"), ("2018", "interim"),
    ]  # fmt: skip
    assert [row[5] for row in table] == [
        "0", "400", "300 by certified statements: 300", "60i interim: 60",
        "760i interim: 60 by certified statements: 300",
    ]  # fmt: skip
    assert "by 30 April of the following year" in section(tree, "figures")


def test_names_with_accents_stand_among_their_like(client, project):
    table = rows(page(client, project), "by-organization")
    assert [row[0] for row in table] == ["Éthiopie Organization", "Zambia Organization", "Total"]


def test_from_and_to_year_leave_amounts_to_date_whole_and_hide_rates_of_part_of_the_time(
    client, project
):
    tree = page(client, project, "?from=2017&to=2018")
    table = rows(tree, "by-year")
    assert [row[0] for row in table] == ["2017", "2018", "Total"]
    assert table[0][-2:] == ["1,600", "700 by certified statements: 300"]
    headings = text(tree, "//table[@id='by-organization']/thead")
    assert "Delivery rate" not in headings
    assert "Balance" not in headings
    up_to = text(page(client, project, "?to=2017"), "//table[@id='by-organization']/thead")
    assert "Delivery rate" in up_to


@pytest.mark.parametrize(
    "query",
    [
        *("from=x", "from=1800&to=9999", "to=" + "9" * 400, "from=٢٠١٧", "from=-1"),
        *("from=2018&to=2017", "as_of=2025-02-30", "until=31/12/2023"),
    ],
)
def test_a_year_or_day_that_is_none_shows_no_year(client, project, query):
    for form in ("", "print", "json", "xlsx", "pdf", "iati"):
        answer = client.get(f"{project.get_absolute_url()}?{query}&format={form}")
        assert answer.status_code == 400
        assert "1,600" not in answer.content.decode()


def test_a_year_without_money_is_a_bound_like_any_other(client, project):
    assert rows(page(client, project, "?to=1990"), "by-year") == []


def test_vouchers_are_listed_from_2009_on_newest_first_and_older_ones_counted(client, project):
    tree = page(client, project)
    assert [row[0] for row in rows(tree, "voucher-table")] == [
        "15 Jan 2018", "15 Jan 2017", "15 Sep 2016",
    ]  # fmt: skip
    words = section(tree, "vouchers")
    assert "since 1 Jan 2009" in words
    assert "1 older line counts in the figures but is not listed." in words
    assert "−50.00" in words


def test_the_first_listed_voucher_is_a_setting(client, project):
    Office.objects.update_or_create(pk=1, defaults={"vouchers_from": date(2017, 1, 1)})
    words = section(page(client, project), "vouchers")
    assert "2 older lines count in the figures but are not listed." in words


def test_a_voucher_links_to_its_page_with_all_projects_that_it_paid(client):
    project = ProjectFactory()
    other = ProjectFactory(title="Other project", fund=project.fund)
    released(
        transfer(project, 10, date(2019, 1, 1), voucher="SHARED"),
        transfer(other, 30, date(2019, 1, 1), voucher="SHARED"),
    )
    url = page(client, project).xpath("//table[@id='voucher-table']//a[.='SHARED']/@href")[0]
    tree = html.fromstring(client.get(url).content.decode())
    assert [row[0] for row in rows(tree, "lines")] == [project.number, other.number]
    assert "US$ 40.00" in text(tree, "//dl[@class='facts']")


def test_persons_are_named_only_by_their_consent(client, project):
    organization = OrganizationFactory(name="Agency of the user")
    user = UserFactory(
        email="keeper@example.org", first_name="Kim", last_name="Keeper", organization=organization
    )
    GatewayAccess.objects.create(user=user, project=project, valid_from=date(2020, 1, 1))
    contact = ContactFactory(project=project, organization_name="Coordinator")
    source = client.get(project.get_absolute_url()).content.decode()
    for secret in ("Keeper", "keeper@", "Secret Person", "secret.person@"):
        assert secret not in source
    contacts = section(html.fromstring(source), "contacts")
    assert "Coordinator" in contacts
    assert "Agency of the user" in contacts
    assert "Write to them" in contacts
    today = timezone.localdate()
    user.name_consent_on = contact.name_consent_on = contact.email_consent_on = today
    user.save()
    contact.save()
    contacts = section(page(client, project), "contacts")
    assert "Kim Keeper" in contacts
    assert "Secret Person" in contacts
    assert "secret.person@example.org" in contacts
    assert "keeper@example.org" not in contacts


def test_questions_name_the_figure_and_fraud_has_its_own_address(client, project):
    tree = page(client, project)
    asks = tree.xpath("//p[@class='ask']/a/@href")
    assert len(asks) >= 3
    form = html.fromstring(client.get(asks[0]).content.decode())
    assert "Key figures by participating organization" in html.tostring(form, encoding="unicode")
    assert Office().fraud_email in section(tree, "contacts")


def test_every_tool_of_the_menu_works(client, project):
    tools = page(client, project).xpath("//details[@class='menu']//a/@href")
    kinds = {}
    for url in tools:
        response = client.get(url)
        assert response.status_code == 200, url
        kinds[url.partition("format=")[2]] = response["Content-Type"].split(";")[0]
        if response.streaming:
            assert b"".join(response.streaming_content)
    assert kinds == {
        "": "text/html",
        "print": "text/html",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json": "application/json",
        "iati": "application/xml",
    }


def test_a_project_without_anything_says_what_would_be_there(client):
    tree = page(client, ProjectFactory())
    assert text(tree, "//p[@class='lead']") == "No money has been recorded for this project yet."
    assert "n/a" in section(tree, "glance")
    assert "No document has been published yet" in section(tree, "documents")


def test_a_number_in_another_case_leads_to_the_one_address(client):
    project = ProjectFactory(number="AbC-1/2")
    response = client.get("/project/aBc-1/2/")
    assert (response.status_code, response["Location"]) == (301, project.get_absolute_url())


def test_queries_do_not_grow_with_the_project(funded, statements):
    few = statements(funded().get_absolute_url())
    many = statements(
        funded(vouchers=200, organizations=12, documents=30, contacts=10).get_absolute_url()
    )
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 24, "\n".join(many)


def test_the_page_of_a_project_with_200_vouchers_is_small(client, funded):
    project = funded(vouchers=200, organizations=12, documents=30, contacts=10)
    assert VoucherLine.objects.filter(project=project).count() == 200
    response = client.get(project.get_absolute_url())
    assert len(response.content) <= 70_000
    assert len(gzip.compress(response.content)) <= 12_000


def test_a_pdf_has_headings_bookmarks_tags_and_page_numbers(client, project):
    content = client.get(project.get_absolute_url() + "?format=pdf").content
    reader = PdfReader(BytesIO(content))
    titles = [entry.title for entry in _flat(reader.outline)]
    assert titles[0] == project.title
    assert {"Facts", "Key figures", "Latest vouchers", "Contacts"} <= set(titles)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    for number, sheet in enumerate(reader.pages, start=1):
        assert str(number) in sheet.extract_text().split()


def test_a_pdf_sets_its_words_whole_and_names_the_newest_seal(client, project, tmp_path):
    """By where words sit: text taken out reads right even when set letter by letter."""
    file = tmp_path / "factsheet.pdf"
    file.write_bytes(client.get(project.get_absolute_url() + "?format=pdf").content)
    laid = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    lines = laid.splitlines()
    assert any("Time elapsed" in line and "up to" in line for line in lines)
    assert any("Delivery rate" in line and "of the net funded amount" in line for line in lines)
    assert sum(len(line.strip()) == 1 for line in lines) < 10
    seal = Seal.objects.newest()
    assert f"fingerprint {seal.number}, {seal.hash[:16]}" in " ".join(laid.split())


def _flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry
