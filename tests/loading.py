"""Files taken in as staff would: received, checked, released."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from finance.loading.files import load_file
from finance.loading.scopes import Scope
from finance.models import Load, Source
from projects.models import User

HEADS = {
    "vouchers": "voucher,payment_date,fund,payee,project,kind,amount,currency",
    "expenditures": "year,state,project,organization,category,amount,currency",
    "budgets": "date,project,organization,category,amount,currency",
    "contributions": "what,fund,contributor,arrangement,date,due_on,amount,currency,"
    "payer_reference,base_amount,rate",
    "fund-costs": "fund,kind,date,amount,currency,organization,other_fund",
    "rates": "effective_on,currency,units_per_base",
}


def load_rows(
    kind: str,
    rows: str,
    *,
    source: Source,
    scope: Scope | None = None,
    moment: datetime | None = None,
    **how: Any,
) -> Load:
    """A released load of a file with these rows; complete for all, unless `scope` says less."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_text("\n".join([HEADS[kind], *rows]), encoding="utf-8")
        by, _new = User.objects.get_or_create(email="second.person@example.org")
        scope = scope or Scope(complete=kind != "rates")
        how |= {"scope": scope, "by": by, "moment": moment}
        return load_file(path, source=source, kind=kind, **how)
