"""Triggers that keep what was stated, and the salt with which texts are sealed.

Triggers bind the owner too; the web's role has no right to change anything but `withdrawn_by`
(`portal/host/grants.py`). One exception is made for the owner: while something is withheld, put
back or erased (`portal/sql/withholding.sql`), the texts of a row change together with its salt,
and nothing else; a text that is not what was sealed is found by `manage.py verify`.
"""

import pgtrigger
from django.db import models

TEXTS = (
    "description", "arrangement", "payer_reference", "reason", "conditions", "body", "reference",
)  # fmt: skip

_NAMES = ",".join((*TEXTS, "salt"))
_ERASED = (
    "IF current_setting('finance.erasing', true) = 'yes'"
    f" AND to_jsonb(OLD) - '{{{_NAMES}}}'::text[] = to_jsonb(NEW) - '{{{_NAMES}}}'::text[]"
    " THEN RETURN NEW; END IF; "
)

NOT_REMOVED = (
    pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;",
    ),
)

NEVER_CHANGED = (*NOT_REMOVED, pgtrigger.Protect(name="no_update", operation=pgtrigger.Update))

APPEND_ONLY = (
    *NOT_REMOVED,
    pgtrigger.Trigger(
        name="only_withdrawn_once",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=(
            "IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL"
            " AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN"
            " RETURN NEW; END IF; "
            + _ERASED
            + "RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id"
            " USING ERRCODE = 'restrict_violation';"
        ),
    ),
)


# In the base currency an amount is its own value; what it is, the office's settings say.
AS_STATED = pgtrigger.Trigger(
    name="base_as_stated",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="stated"),
    func=(
        "IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency ="
        " coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN"
        " RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %',"
        " TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
    ),
)


def only_emptied(*texts: str) -> pgtrigger.Trigger:
    """Nothing of a row changes but its texts and their salt, while they are withheld."""
    names = ",".join((*texts, "salt"))
    return pgtrigger.Trigger(
        name="only_emptied",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=(
            "IF current_setting('finance.erasing', true) = 'yes'"
            f" AND to_jsonb(OLD) - '{{{names}}}'::text[] = to_jsonb(NEW) - '{{{names}}}'::text[]"
            " THEN RETURN NEW; END IF;"
            " RAISE EXCEPTION 'what was released is never changed: table %, id %',"
            " TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';"
        ),
    )


def salt() -> models.UUIDField:
    """The salt with which a row's texts enter its seal; erasing the texts empties it."""
    return models.UUIDField(
        null=True,
        editable=False,
        db_default=models.Func(function="gen_random_uuid", output_field=models.UUIDField()),
    )
