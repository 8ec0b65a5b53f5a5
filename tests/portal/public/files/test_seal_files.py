"""A stranger computes the seals anew from what the public can download, and nothing else."""

import hashlib
import html
import json
import re
import subprocess
import sys
from datetime import date

import pytest
from django.core.files.base import ContentFile

from finance.loading.scopes import Scope
from finance.loading.services import (
    check_load,
    confirm_withdrawal,
    receive_load,
    release_load,
    reverse_load,
)
from finance.models import ProjectStatement, Seal, VoucherLine
from finance.sealing.verification import Scope as Everything
from finance.sealing.verification import verify
from portal.withholding.services import lift, withhold
from projects.models import Organization, Project
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    budget,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
SECRET = "a text that may have to be erased"


def _file(source, kind, *rows, **options):
    content = ContentFile("\n".join(rows).encode())
    load = receive_load(source=source, kind=kind, content=content, name=f"{kind}.csv", **options)
    return release_load(load=check_load(load))


@pytest.fixture(scope="module")
def seals(module_db):
    """Additions, withdrawals, a reversal, statements of projects, rates, reports."""
    source, project = SourceFactory(), ProjectFactory(number="00000007", fund__code="FND01")
    part = OrganizationFactory(code="ÉTÉ")
    lines = [transfer(project, str(n), description=SECRET) for n in range(1, 300)]
    released(*lines, budget(project, "7.50"), expenditure(project, "3"), source=source)
    released(*lines[3:], transfer(project, "-4", date(2021, 5, 1)), source=source)
    _file(source, "rates", "currency,effective_on,units_per_base", "EUR,2020-06-01,0.9")
    _file(source, "projects", "number,title,fund", "NEW-1,A new one,FND01")
    head = "project,organization,date,amount,currency"
    last = _file(
        source,
        "budgets",
        head,
        f"NEW-1,{part.code},2020-06-30,10.10,EUR",
        scope=Scope(complete=True, projects=("NEW-1",)),
    )
    reversal = reverse_load(load=last, by=None, reason="wrong file")
    confirm_withdrawal(load=reversal, by=UserFactory())
    release_load(load=reversal)
    assert ProjectStatement.objects.exists()
    project.number = "renamed"
    project.save()
    return list(Seal.objects.order_by("number"))


@pytest.fixture
def downloaded(client, seals, tmp_path):
    """The page's script and the files it links to, in a folder of their own."""
    _download(client, tmp_path)
    return tmp_path


def _download(client, folder):
    page = client.get("/seals/").content.decode()
    script = re.search(r'<pre id="script"[^>]*><code>(.*?)</code>', page, re.S)
    (folder / "script.py").write_text(html.unescape(script[1]), encoding="utf-8")
    links = sorted(set(re.findall(r'href="(/seals/(\d+)\.jsonl)"', page)), key=lambda x: int(x[1]))
    assert len(links) == Seal.objects.count()
    (folder / "entities.json").write_bytes(client.get("/seals/entities.jsonl").getvalue())
    content = [(number, client.get(url).getvalue()) for url, number in links]
    for number, lines in content:
        (folder / f"{number}.jsonl").write_bytes(lines)
    return "".join(lines.decode() for _number, lines in content)


def _names(folder):
    """Numbers and codes by the digest that stands in the files, each recomputed."""
    lines = (folder / "entities.json").read_text(encoding="utf-8").splitlines()
    for digest, _kind, salt, name in (entities := [json.loads(line) for line in lines]):
        assert hashlib.sha256(f"{salt}\x1f{name}".encode()).hexdigest() == digest
    return {digest: name for digest, _kind, _salt, name in entities}


def _run(folder):
    names = sorted(
        (path.name for path in folder.glob("*.jsonl")), key=lambda n: int(n.split(".")[0])
    )
    done = subprocess.run(
        [sys.executable, "-I", "script.py", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return [line.split() for line in done.stdout.splitlines()]


def test_the_script_of_the_page_computes_every_seal_from_the_files_alone(seals, downloaded):
    assert _run(downloaded) == [[str(seal.number), seal.hash, "agrees"] for seal in seals]


@pytest.mark.parametrize(
    ("old", "new"),
    [("2021-05-01", "2021-05-02"), ('["-", ', '["+", '), ("FND01", "FND02")],
    ids=["a date", "a withdrawal made an addition", "a fund"],
)
def test_a_changed_line_breaks_its_seal_and_all_after_it(downloaded, old, new):
    file = downloaded / "2.jsonl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = [line[2] for line in _run(downloaded)]
    assert said[0] == "agrees"
    assert set(said[1:]) == {"DIFFERS"}


def test_a_line_left_out_breaks_its_seal(downloaded):
    file = downloaded / "1.jsonl"
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(True)[:-1]), "utf-8")
    assert _run(downloaded)[0][2] == "DIFFERS"


def test_the_files_hold_values_in_the_order_the_page_tells_and_no_texts(client, downloaded):
    page = client.get("/seals/").content.decode()
    first = (downloaded / "1.jsonl").read_text(encoding="utf-8")
    assert SECRET not in first
    for line in first.splitlines()[1:]:
        _sign, kind, _line, text = json.loads(line)
        told = re.search(rf"<code>{kind}</code></dt>\s*<dd>\s*(.*?)\s*</dd>", page)[1].split(" · ")
        stated = dict(zip(told, text.split("\x1f"), strict=True))
        assert stated[kind] == kind
        assert _names(downloaded)[stated["project"]] == "00000007"
        assert stated["base_amount"] == stated["amount"]


def test_what_is_withheld_stands_as_a_digest_and_every_seal_can_be_computed_still(
    client, seals, tmp_path
):
    """Names of two kinds, the text of one line, and the number of a voucher."""
    part = Organization.objects.get(code="ÉTÉ")
    project = Project.objects.get(number="renamed")
    line = VoucherLine.objects.filter(description=SECRET).first()
    _download(client, tmp_path)
    assert _run(tmp_path) == [[str(seal.number), seal.hash, "agrees"] for seal in seals]
    done = [
        withhold(kind=kind, target_id=target.pk, reason="danger", by=None)
        for kind, target in (
            ("organization", part),
            ("voucher", line.voucher),
            ("voucherline", line),
            ("project", project),
        )
    ]
    assert {"00000007", "NEW-1", "ÉTÉ"} <= set(_names(tmp_path).values())
    text = _download(client, tmp_path)
    assert not {"00000007", "renamed", "ÉTÉ"} & set(_names(tmp_path).values())
    assert "NEW-1" in _names(tmp_path).values()
    assert "sha256" in text
    assert _run(tmp_path) == [[str(seal.number), seal.hash, "agrees"] for seal in seals]
    result = verify(Everything())
    assert result.ok, result.difference
    for one in done:
        lift(withholding=one, reason="over", by=None)
    text = _download(client, tmp_path)
    assert '"sha256"' not in text
    assert {"00000007", "NEW-1", "ÉTÉ"} <= set(_names(tmp_path).values())
    assert _run(tmp_path) == [[str(seal.number), seal.hash, "agrees"] for seal in seals]


def test_a_line_with_one_withheld_text_is_a_digest_and_its_neighbours_are_not(client):
    """Else its fingerprint would let anybody try out names."""
    project = ProjectFactory()
    lines = transfer(project, "1", description=SECRET), budget(project, "2", description="plain")
    line = VoucherLine.objects.get(load=released(*lines))
    withhold(kind="voucherline", target_id=line.pk, reason="danger", by=None)
    sealed = client.get(f"/seals/{Seal.objects.newest().number}.jsonl").getvalue().decode()
    records = [json.loads(row)[1:] for row in sealed.splitlines()[1:]]
    texts = {kind: text for kind, _line, text in records}
    assert isinstance(texts["voucherline"], dict)
    assert line.fingerprint not in str(texts)
    assert isinstance(texts["budgetline"], str)


def test_individuals_are_not_named_by_the_file_of_entities(client):
    OrganizationFactory(code="ANA", kind=Organization.Kind.INDIVIDUALS)
    OrganizationFactory(code="FAO")
    released(transfer(ProjectFactory(), "1"))
    names = client.get("/seals/entities.jsonl").getvalue().decode()
    assert "FAO" in names
    assert "ANA" not in names


def test_a_load_leads_to_the_file_of_its_seal_and_an_unknown_seal_to_nothing(client, seals):
    page = client.get(seals[0].load.get_absolute_url()).content.decode()
    assert 'href="/seals/1.jsonl"' in page
    assert client.get("/seals/999.jsonl").status_code == 404
    assert client.post("/seals/1.jsonl").status_code == 405
