"""The check of a load: parse, look up, stage, compare, remark. Nothing of it is public."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from finance.conversion import Rates
from finance.errors import LoadError
from finance.formats.faults import Note
from finance.formats.kinds import KINDS
from finance.formats.mappings import Mapping
from finance.formats.rows import ReadRow, open_sheet
from finance.loading.content.mended import mended
from finance.loading.content.worked_out import cumulative_key, made_annual, signed_whole
from finance.loading.entities import stating
from finance.loading.lines import Line, LineReader, Refused
from finance.loading.rate_lines import RateReader
from finance.loading.references import References
from finance.loading.remarks import remark
from finance.loading.scopes import Scope
from finance.loading.staging import (
    StagingBuffer,
    compare,
    counts_of_lines,
    report_of,
    staging_buffer,
    standing_records,
)
from finance.loading.warnings import warnings_of
from finance.models import ExpenditureLine, Load, LoadRemark
from finance.models.record_kinds import RECORD_MODELS, names_of
from finance.planning import fit_for_many
from portal.kit.currency import told_in_base

STEP = 2000  # rows between two signs of progress
MAX_ERRORS = 5000
MAX_NOTES = 1000  # of a kind


class Check:
    """Checks one load; `run` leaves it checked, or faulty with every error by row."""

    def __init__(self, load: Load, path: Path) -> None:
        self.load = load
        self.path = path
        self.scope = Scope.from_json(load.scope)
        self.errors: list[LoadRemark] = []
        self.unknown: dict[tuple[str, str], LoadRemark] = {}
        self.stopped = False
        self.notes: list[LoadRemark] = []
        self.noted: Counter[str] = Counter()
        self.totals: dict[str, Any] = {"rows": 0, "amount": Counter(), "unread": 0}
        self.models = names_of(stated_by=load.kind)
        columns = KINDS[load.kind].columns
        self.amount_label = next((str(c.label) for c in columns if c.name == "amount"), "")

    def run(self) -> None:
        """Check the file anew. A file that cannot be read at all becomes one error."""
        with staging_buffer(self.load) as lines:
            try:
                self._read(lines)
            except LoadError as error:
                self.errors.append(self._error("file", None, "", "", str(error), ""))
            with transaction.atomic():
                self._stage(lines)

    # --- Reading

    def _read(self, lines: StagingBuffer) -> None:
        mapping = self.load.options.get("mapping")
        sheet = open_sheet(
            self.path,
            self.load.kind,
            Mapping.from_spec(mapping) if mapping else None,
            mended(self.load),
        )
        self._note(sheet.notes)
        reader = self._reader()
        waiting: list[Line] = []
        cumulative = self.load.options.get("figures") == "cumulative"
        remaining = self.load.options.get("pledges") == "remaining"
        for row in sheet:
            if len(self.errors) >= MAX_ERRORS:
                self._stop(row.line)
                break
            self._count(row)
            if self.totals["rows"] % STEP == 0:
                self._show_progress()
            if (line := self._line(reader, row)) is None:
                continue
            self._note_rounding(row.line, reader)
            self._note(row.notes)
            if cumulative:
                waiting.append(line)
            elif remaining:
                for part in signed_whole(line):
                    lines.add(part)
            else:
                lines.add(line)
        for line in made_annual(waiting, self._before(waiting), Rates()) if waiting else ():
            lines.add(line)

    def _line(self, reader: Any, row: ReadRow) -> Line | None:
        """What the row states, or all that is wrong with it at once."""
        for fault in row.faults:
            self.errors.append(
                self._error(
                    "cell", fault.line, fault.column_label, fault.value, fault.message,
                    fault.advice,
                )
            )  # fmt: skip
        if row.faults:
            self._refuse_unknown(row, reader)
            return None
        try:
            line: Line = reader.line(row.line, row.values, row.as_stated)
        except Refused as refused:
            if not self._refuse_unknown(row, reader) or refused.__cause__ is None:
                self._refuse(row.line, refused)
            return None
        return line

    def _refuse_unknown(self, row: ReadRow, reader: Any) -> bool:
        """Every name and code of the row that is not known here; whether there is one."""
        found = reader.unknown(row.values) if isinstance(reader, LineReader) else []
        for refused in found:
            self._refuse(row.line, refused)
        return bool(found)

    def _note(self, notes: Iterable[Note]) -> None:
        for note in notes:
            self.noted[note.code] += 1
            if self.noted[note.code] <= MAX_NOTES:
                self.notes.append(remark(self.load, note.code, note.line, note.value, note.message))

    def _stop(self, line: int) -> None:
        """So many errors help nobody; what follows is not looked at, nor are control totals."""
        self.stopped = True
        message = _("The check stopped here: %(count)s errors are enough.") % {"count": MAX_ERRORS}
        self.errors.append(self._error("row", line, "", "", message, ""))

    def _reader(self) -> Any:
        kind = self.load.kind
        if kind in stating.MODELS:
            return stating.reader(kind)
        if kind == Load.Kind.RATES:
            return RateReader()
        return LineReader(kind, self.scope, References(), Rates())

    def _note_rounding(self, line: int, reader: Any) -> None:
        for amount, base_amount in list(getattr(reader, "rounded", ())):
            text = told_in_base(
                _(
                    "The amount in %(currency)s is stated twice, as %(amount)s and as "
                    "%(base_amount)s: the second counts."
                ),
                amount=amount,
                base_amount=base_amount,
            )
            self.notes.append(remark(self.load, "rounded-amount", line, amount, text))
            reader.rounded.clear()

    def _count(self, row: ReadRow) -> None:
        self.totals["rows"] += 1
        if row.values.get("amount") is not None:
            self.totals["amount"][row.values.get("currency") or ""] += row.values["amount"]
        elif any(fault.column_label == self.amount_label for fault in row.faults):
            self.totals["unread"] += 1

    def _show_progress(self) -> None:
        """Rows are not counted beforehand: the bar nears its end without reaching it."""
        rows = self.totals["rows"]
        Load.objects.filter(pk=self.load.pk).update(progress=min(90, 90 * rows // (rows + 20_000)))

    def _before(self, lines: list[Line]) -> dict[tuple, Decimal]:
        """What stands for the years before the first of the file, by key."""
        first: dict[tuple, int] = {}
        for line in lines:
            key, year = cumulative_key(line), line.values["year"]
            first[key] = min(year, first.get(key, year))
        rows = (
            ExpenditureLine.objects.known_at()
            .filter(project_id__in={key[0] for key in first})
            .exclude(state=ExpenditureLine.State.CERTIFIED)
            .exclude(pk__in=self._replaced())
            .values_list("project_id", "organization_id", "category_id", "currency", "year")
            .annotate(Sum("amount"))
        )
        before: dict[tuple, Decimal] = defaultdict(Decimal)
        for *key, year, amount in rows:
            if year < first.get(tuple(key), 0):
                before[tuple(key)] += amount
        return before

    def _replaced(self) -> Any:
        if not self.scope.complete:
            return ExpenditureLine.objects.none().values("pk")
        return standing_records(self.load, ExpenditureLine, self.scope).values("pk")

    # --- Staging

    def _stage(self, lines: StagingBuffer) -> None:
        load = self.load
        load.remarks.all().delete()
        lines.copy()
        if self.models:
            counts = compare(load, self.models, self.scope)
            self._refuse_other_sources()
        elif load.kind in stating.MODELS:
            counts = stating.compare(load)
        else:
            counts = RateReader.compare(load)
        with fit_for_many(load.staged_lines.count()):
            # Of a file that was not read to its end nothing is said but that.
            warnings = [] if self._is_broken() else list(warnings_of(load, self.models))
        warnings += [*self.notes, *self._control_totals()]
        LoadRemark.objects.bulk_create([*self.errors, *warnings], batch_size=1000)
        load.counts = counts_of_lines(counts)
        load.report = {
            "rows": self.totals["rows"],
            "totals": {code: str(total) for code, total in self.totals["amount"].items()},
            "unread_amounts": self.totals["unread"],
            "stopped": self._is_broken(),
            **report_of(load, counts),
        }
        load.state = Load.State.FAULTY if self.errors else Load.State.CHECKED
        load.acknowledged, load.acknowledged_by, load.withdrawal_confirmed_by = [], None, None
        load.progress = 100
        load.checked_at = database_time()
        load.save(
            update_fields=[
                "counts", "report", "state", "progress", "checked_at",
                "acknowledged", "acknowledged_by", "withdrawal_confirmed_by",
            ]
        )  # fmt: skip

    def _control_totals(self) -> Iterable[LoadRemark]:
        """A warning where the sender states other totals than were found; somebody must look.

        Of a file that was not read to its end, or of a sum of which a part cannot be read,
        nothing can be said; its errors are.
        """
        stated = {} if self._is_broken() else self.load.stated_totals
        found = {"rows": Decimal(self.totals["rows"])}
        if not self.totals["unread"]:
            found["amount"] = sum(self.totals["amount"].values(), Decimal(0))
        for name, label in (("rows", _("rows")), ("amount", _("sum of amounts"))):
            if name not in found or stated.get(name) in (None, ""):
                continue
            if Decimal(stated[name]) != found[name]:
                text = _("The sender states %(stated)s %(what)s; the file has %(found)s.") % {
                    "stated": stated[name],
                    "what": label,
                    "found": found[name],
                }
                yield remark(self.load, "control-totals", None, stated[name], text)

    def _refuse_other_sources(self) -> None:
        """A project (or fund) takes each kind of record from one source at a time."""
        for name in self.models:
            for owner, source in other_sources(self.load, name):
                self.errors.append(
                    self._error(
                        "other-source",
                        None,
                        "",
                        owner,
                        _("“%(owner)s” has %(records)s from another source, “%(source)s”.")
                        % {
                            "owner": owner,
                            "records": RECORD_MODELS[name]._meta.verbose_name_plural,
                            "source": source,
                        },
                        _("Move it to this source first, or load it from that one."),
                    )
                )

    # --- Remarks

    def _is_broken(self) -> bool:
        return self.stopped or any(error.code == "file" for error in self.errors)

    def _refuse(self, line: int, refused: Refused) -> None:
        """A name that is not known is told once, with the number of rows that have it."""
        code = "unknown" if refused.__cause__ else "row"
        value = "" if refused.value is None else str(refused.value)
        if code == "unknown" and (known := self.unknown.get((refused.column, value))):
            known.rows += 1
            return
        error = self._error(code, line, refused.column, value, str(refused), refused.advice)
        if code == "unknown":
            self.unknown[refused.column, value] = error
        self.errors.append(error)

    def _error(
        self, code: str, line: int | None, column: str, value: object, message: str, advice: str
    ) -> LoadRemark:
        return LoadRemark(
            load=self.load,
            severity=LoadRemark.Severity.ERROR,
            code=code,
            line=line,
            column=str(column)[:200],
            value=str(value)[:2000],
            message=str(message),
            advice=str(advice),
        )


def other_sources(load: Load, name: str) -> list[tuple[str, str]]:
    """Number (or fund code) and source of owners whose records come from elsewhere."""
    fields = {field.name for field in RECORD_MODELS[name]._meta.concrete_fields}
    found = []
    if "project" in fields:
        found += _others(load, name, "project", "number", "")
    if "fund" in fields:
        only = "AND record.project_id IS NULL" if "project" in fields else ""
        found += _others(load, name, "fund", "code", only)
    return found


def _others(load: Load, name: str, owner: str, label: str, only: str) -> list[tuple[str, str]]:
    # A staged line that sits on a project does not belong to its fund's own.
    alone = "AND project_id IS NULL" if owner == "fund" else ""
    # Only names of our own tables and columns are put together here.
    sql = f"""
        SELECT DISTINCT entity.{label}, source.name
        FROM {RECORD_MODELS[name]._meta.db_table} AS record
        JOIN projects_{owner} AS entity ON entity.id = record.{owner}_id
        JOIN finance_source AS source ON source.id = record.source_id
        WHERE record.withdrawn_by_id IS NULL AND record.source_id <> %s {only}
        AND record.{owner}_id IN (
            SELECT {owner}_id FROM finance_stagedline
            WHERE load_id = %s AND model = %s AND action = 'add' {alone})
        ORDER BY 1 LIMIT 100
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [load.source_id, load.pk, name])
        return cursor.fetchall()


def database_time() -> Any:
    """The database's clock, now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
