"""Finding the thing to withhold, and what of it would vanish."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q

from finance.models import Load, ProjectStatement, StatedRecord, Voucher, VoucherLine
from portal.withholding.kinds import THINGS, Kind, model_of

SHOWN = 25
SAMPLES = 5
MOST_COMPANIONS = 200


def candidates(kind: str, text: str) -> list[models.Model]:
    """The things of this kind that the text may mean."""
    text = text.strip()[:200]
    wanted = Q()
    for lookup in THINGS[kind].found_by:
        wanted |= Q(**{lookup: text})
    if text.isdecimal() and text.isascii() and len(text) < 19:
        wanted |= Q(pk=int(text))
    rows = model_of(kind)._default_manager.filter(wanted)
    if kind == Kind.LOAD:
        rows = rows.filter(released_at__isnull=False)
    return list(rows.distinct().order_by("pk")[:SHOWN]) if text else []


@dataclass(frozen=True)
class Vanishing:
    """What of one table would vanish."""

    name: Any
    rows: int
    samples: list[str]


def vanishing(kind: str, target_id: int) -> list[Vanishing]:
    """What a withholding would take out of view, by table, with the beginnings of some values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.tbl, array_agg(DISTINCT e.pk ORDER BY e.pk), withheld_key(e.tbl), "
            "coalesce(min(e.cols), ARRAY(SELECT jsonb_object_keys(withheld_rules() -> e.tbl "
            "-> 'columns'))) FROM withheld_extent(%s, %s) AS e "
            "WHERE e.tbl <> 'finance_sealedentity' GROUP BY e.tbl ORDER BY e.tbl",
            [kind, target_id],
        )
        found = cursor.fetchall()
    models_by_table = {model._meta.db_table: model for model in apps.get_models()}
    parts = []
    for table, ids, key, columns in found:
        model = models_by_table[table]
        texts = [f for f in model._meta.fields if f.attname in columns and _is_text(f)]
        rows = model._default_manager.filter(**{f"{key}__in": ids}).order_by(key)
        names = [field.attname for field in texts]
        values = [v for row in rows.values_list(*names)[:SAMPLES] for v in row if v]
        samples = list(dict.fromkeys(str(value)[:120] for value in values)) if names else []
        parts.append(Vanishing(model._meta.verbose_name_plural, rows.count(), samples[:SAMPLES]))
    return [part for part in parts if part.rows]


@dataclass(frozen=True)
class Companion:
    """Something that belongs to a project alone, and whose name may say what is withheld."""

    kind: str
    pk: int
    label: str

    @property
    def key(self) -> str:
        """As a form sends it back."""
        return f"{self.kind}:{self.pk}"


def companions(kind: str, target_id: int) -> list[Companion]:
    """Numbers of vouchers and names of files that belong to this project and to no other."""
    if kind != Kind.PROJECT:
        return []
    vouchers = _of_it_alone(VoucherLine, "voucher", target_id)
    found = [
        Companion(Kind.VOUCHER, pk, f"{Kind.VOUCHER.label}: {number}")
        for pk, number in Voucher.objects.filter(pk__in=vouchers).values_list("pk", "number")
    ]
    stating = set(StatedRecord.objects.filter(project=target_id).values_list("load", flat=True))
    stating |= set(
        ProjectStatement.objects.filter(project=target_id).values_list("load", flat=True)
    )
    for model in (StatedRecord, ProjectStatement):
        others = model.objects.filter(load__in=stating).exclude(project=target_id)
        stating -= set(others.values_list("load", flat=True))
    loads = Load.objects.filter(pk__in=stating).order_by("pk")
    found += [
        Companion(Kind.LOAD, pk, f"{Kind.LOAD.label}: {name}")
        for pk, name in loads.values_list("pk", "file_name")
    ]
    return found[:MOST_COMPANIONS]


def _of_it_alone(lines: type[models.Model], name: str, project: int) -> models.QuerySet:
    """The ids of what only lines of this project belong to."""
    rows = lines._default_manager.exclude(**{name: None}).order_by().values(name)
    of_it, others = rows.filter(project=project), rows.exclude(project=project)
    return of_it.exclude(**{f"{name}__in": others})


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)
