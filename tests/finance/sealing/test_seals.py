"""Seals: a chain over what each release changed, cheap to make and the same for all."""

import hashlib
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from finance.models import BudgetLine, Deposit, Load, Seal, SealedEntity, SealPart, VoucherLine
from finance.sealing import canonical
from portal.kit.owner import as_owner
from portal.management.commands.prepare import seal_if_none_is
from tests.databases import REFUSED
from tests.factories import (
    LoadFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
# What a load moved a status from is no statement: the log of statuses has it.
NOT_SEALED = {"id", "load", "withdrawn_by", "restates", "salt", "voucher", "status_before"}


def _recomputed(seal: Seal) -> str:
    """The hash of a seal by the description alone."""
    lines = ["form 1", seal.load_line]
    for part in seal.parts.order_by("withdrawn", "model"):
        sign = "-" if part.withdrawn else "+"
        digest = hashlib.sha256(bytes(part.leaves)).hexdigest()
        lines.append(f"{sign} {part.model} {part.count} {digest}")
    content = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return hashlib.sha256(f"seal {seal.number} {seal.previous} {content}".encode()).hexdigest()


def test_each_release_is_sealed_over_the_seal_before_it():
    source, project = SourceFactory(), ProjectFactory()
    loads = [released(transfer(project, amount), source=source) for amount in ("10", "20")]
    first, second = Seal.objects.order_by("number")
    assert [first.number, second.number] == [1, 2]
    assert [first.load, second.load] == loads
    assert (first.previous, second.previous) == ("", first.hash)
    assert (first.added, first.withdrawn, second.added, second.withdrawn) == (1, 0, 1, 1)
    for seal in (first, second):
        assert seal.hash == _recomputed(seal)


def test_a_withdrawn_record_is_sealed_as_it_was_when_it_was_added():
    source, project = SourceFactory(), ProjectFactory()
    released(transfer(project, "10"), source=source)
    released(transfer(project, "20"), source=source)
    added = SealPart.objects.get(seal__number=1)
    withdrawn = SealPart.objects.get(seal__number=2, withdrawn=True)
    assert bytes(added.leaves) == bytes(withdrawn.leaves)


def sealed_as(entity, name):
    """The salted digest of a number or code, with the salt of the sealed entity."""
    salt = SealedEntity.objects.get(model=entity._meta.label_lower, object_id=entity.pk).salt
    return hashlib.sha256(f"{salt}\x1f{name}".encode()).hexdigest()


def test_a_leaf_is_the_line_and_the_digest_of_the_values_as_stated():
    organization = OrganizationFactory(code="ORG-1")
    project = ProjectFactory(number="00000007", fund__code="FND01")
    load = released(
        transfer(project, "10.50", day=date(2020, 5, 1), organization_id=organization.pk),
        source=SourceFactory(code="ledger"),
    )
    line = VoucherLine.objects.select_related("voucher").get(load=load)
    salted = [
        hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()
        for salt, text in (
            (line.voucher.salt, line.voucher.number),
            (line.salt, line.description),
        )
    ]
    text = "\x1f".join(
        [
            *("voucherline", "ledger", sealed_as(project, "00000007")),
            *(sealed_as(organization, "ORG-1"), "ledger", sealed_as(organization, "ORG-1")),
            "FND01",
            *(line.voucher.key, "2020-05-01", salted[0], ""),
            *("1", line.fingerprint, "10.5", "USD", "", "10.5", "", "2020-05-01", ""),
            *("transfer", salted[1]),
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(canonical.leaves_sql("voucherline", "TRUE"))
        assert cursor.fetchone()[-1] == text
    leaf = (1).to_bytes(8, "big") + hashlib.sha256(text.encode()).digest()
    assert bytes(SealPart.objects.get(seal__load=load).leaves) == leaf


def test_an_entity_keeps_the_identifier_under_which_it_was_sealed():
    project = ProjectFactory(number="OLD-1")
    released(transfer(project, "10"))
    project.number = "NEW-1"
    project.save()
    with connection.cursor() as cursor:
        cursor.execute(canonical.leaves_sql("voucherline", "TRUE"))
        text = cursor.fetchone()[-1]
    assert sealed_as(project, "OLD-1") in text
    assert sealed_as(project, "NEW-1") not in text


@pytest.mark.parametrize("name", sorted(canonical.FORMS[canonical.FORM]))
def test_every_column_of_a_record_is_sealed(name):
    form = canonical.FORMS[canonical.FORM][name]
    sealed = {*form.entities, *form.values, *form.texts}
    columns = {field.name for field in canonical.record_model(name)._meta.concrete_fields}
    assert columns - sealed - NOT_SEALED == set()
    assert sealed <= columns


def test_every_kind_of_record_is_sealed():
    managed = [model for model in apps.get_models() if model._meta.managed]
    records = {model._meta.model_name for model in managed if _is_record(model)}
    assert records | {"projectstatement"} == set(canonical.FORMS[canonical.FORM])


def _is_record(model) -> bool:
    """Whether loads withdraw it; a right of access is withdrawn by a person."""
    fields = {field.name: field.related_model for field in model._meta.fields}
    return fields.get("withdrawn_by") is Load


def test_texts_enter_as_digests_that_cannot_be_guessed_without_their_salt():
    released(transfer(ProjectFactory(), "10", description="the same words"))
    line = VoucherLine.objects.get()
    assert line.salt is not None
    plain = hashlib.sha256(b"the same words").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(canonical.leaves_sql("voucherline", "TRUE"))
        text = cursor.fetchone()[-1]
    assert "the same words" not in text
    assert plain not in text


@pytest.mark.django_db(databases=["default", "owner"])
def test_releases_of_an_older_database_are_sealed_in_their_order():
    with as_owner() as owner:
        project, source = ProjectFactory(), SourceFactory()
        loads = [released(transfer(project, amount), source=source) for amount in ("1", "2", "3")]
        before = list(Seal.objects.order_by("number").values_list("load", "content"))
        with owner.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("finance_sealpart", "finance_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        seal_if_none_is()
        after = list(Seal.objects.order_by("number").values_list("load", flat=True))
        assert after == [load.pk for load in loads] == [load for load, _content in before]
        seal_if_none_is()
        assert Seal.objects.count() == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE finance_seal SET hash = hash",
        "UPDATE finance_seal SET salt = NULL",
        "DELETE FROM finance_seal",
        "TRUNCATE finance_seal",
        "DELETE FROM finance_sealpart",
        "UPDATE finance_sealpart SET leaves = leaves",
        "UPDATE finance_sealedentity SET identifier = identifier",
        "DELETE FROM finance_sealedentity",
        "DELETE FROM finance_erasedtext",
        "DELETE FROM finance_verifyresult",
        "ALTER TABLE finance_seal DISABLE TRIGGER ALL",
        "SET LOCAL session_replication_role = 'replica'",
        "SET LOCAL pgtrigger.ignore = 'finance.Seal:no_delete'; DELETE FROM finance_seal",
        "SET LOCAL finance.erasing = 'yes'; UPDATE finance_voucherline SET description = ''",
        "SET LOCAL finance.erasing = 'yes'; UPDATE finance_seal SET salt = NULL",
        "UPDATE finance_voucher SET number = ''",
        "UPDATE finance_projectstatement SET values = values",
    ],
)
def test_the_web_role_cannot_tamper_with_what_is_sealed(sql):
    released(transfer(ProjectFactory(), "10"))
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_release_without_records_is_sealed_too():
    load = released(models=[BudgetLine, Deposit], projects=[ProjectFactory()])
    assert load.seal.added == load.seal.withdrawn == 0
    assert load.seal.hash == _recomputed(load.seal)


def test_loads_that_are_not_released_are_not_sealed():
    LoadFactory()
    assert not Seal.objects.exists()
