"""What the package says of itself: a Frictionless Data Package 2.0, with sums and the seal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.kit.currency import base_currency
from portal.package import parquet
from portal.package.columns import PackageTable
from portal.package.verify import SIGNED_SUMS
from portal.package.writing import TABLES, Written, exact

# Behind the name of a table that is there as Parquet.
_PARQUET = "-parquet"
_PROFILES = "https://datapackage.org/profiles/2.0"


def manifest_of(
    written: Mapping[str, Written],
    typed: Mapping[str, Written],
    *,
    office: Any,
    site: str,
    name: str,
    moment: datetime,
    seal: Any,
    checks: list[dict[str, str]],
    key: str,
    stamp: Any,
    signed_by: str,
) -> dict[str, Any]:
    """The description of all that was written; `typed`: the same tables as Parquet, if any."""
    notice = {"notice": "Sample data: invented figures, not a real fund office"}
    licence = {"path": office.licence_url, "title": office.licence_name}
    return {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"pooled-funds-{name}",
        "id": f"{site}/data/package/{name}.zip",
        "title": f"{office.portal_name}: all public data",
        "description": (
            "Every public table of the portal at one moment. Tables join by their keys. Amounts "
            "are exact decimals. Expenditure lines do not add up, for certified lines replace "
            "others: the expenditure of projects does. A text that a spreadsheet would run as a "
            "formula begins with an apostrophe."
        ),
        **(notice if office.sample else {}),
        "homepage": f"{site}/data/",
        "version": name,
        "created": _moment(moment),
        "as_of": _moment(moment),
        "currency": base_currency(),
        "seal": {"number": seal.number, "hash": seal.hash} if seal else None,
        # A signed text beside this one; the key tells which of the office's it is signed by.
        **({"checkpoint": {"path": "checkpoint.txt", "key": key}} if key else {}),
        # The list of all files, signed.
        **({"signature": {"path": SIGNED_SUMS, "key": signed_by}} if signed_by else {}),
        # By others (RFC 3161), of this seal or the newest before it that has one.
        **({"timestamp": _stamped(stamp)} if stamp else {}),
        "licenses": [{key: value for key, value in licence.items() if value}],
        "contributors": [{"title": office.name, "path": f"{site}/", "roles": ["publisher"]}],
        "sources": [{"title": office.portal_name, "path": f"{site}/"}],
        "checks": checks,
        **({} if typed else {"without": [parquet.MISSING]}),
        "resources": [
            *(_resource(table, written[table.name]) for table in TABLES),
            *(_as_parquet(table, typed[table.name]) for table in TABLES if typed),
        ],
    }


def _stamped(stamp: Any) -> dict[str, Any]:
    return {
        "path": "timestamp.tsr",
        "seal": stamp.seal.number,
        "hash": stamp.seal.hash,
        "at": _moment(stamp.stamped_at),
        "authority": stamp.authority,
    }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _resource(table: PackageTable, written: Written) -> dict[str, Any]:
    sums = {name: exact(value) for name, value in (written.sums or {}).items()}
    return {
        "name": table.name,
        "path": written.name,
        "type": "table",
        "title": str(table.title),
        "description": str(table.text),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "rows": written.rows,
        **({"control_totals": sums} if sums else {}),
        "dialect": {"header": True, "delimiter": ",", "lineTerminator": "\n"},
        "schema": _schema(table),
    }


def _as_parquet(table: PackageTable, written: Written) -> dict[str, Any]:
    """The same rows as Parquet, which leads to other tables in Parquet."""
    resource = _resource(table, written)
    for name in ("encoding", "dialect"):
        del resource[name]
    for key in resource["schema"].get("foreignKeys", ()):
        if other := key["reference"].get("resource"):
            key["reference"]["resource"] = f"{other}{_PARQUET}"
    return {
        **resource,
        "name": f"{table.name}{_PARQUET}",
        "format": "parquet",
        "mediatype": parquet.MEDIA_TYPE,
    }


def _schema(table: PackageTable) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        said = {"name": column.name, "type": column.kind, "description": str(column.text)}
        if column.unit:
            unit = base_currency() if column.unit == "base currency" else column.unit
            said["unit"] = unit
        fields.append(said)
    schema: dict[str, Any] = {"$schema": f"{_PROFILES}/tableschema.json", "fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.joins:
        schema["foreignKeys"] = [
            # Of the same table it goes without the name, as the standard has it.
            {
                "fields": [name],
                "reference": {
                    **({} if other == table.name else {"resource": other}),
                    "fields": [key],
                },
            }
            for name, (other, key) in table.joins.items()
        ]
    return schema
