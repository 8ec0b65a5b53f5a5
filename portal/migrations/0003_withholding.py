"""Whatever comes in anew of something withheld is withheld at once."""

import json

from django.db import migrations

_FRESH = """
CREATE TRIGGER withheld_fresh_{event} AFTER {event} ON {table}
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION withheld_fresh()
"""
_SEALED = """
CREATE TRIGGER withheld_fresh_load AFTER INSERT ON finance_seal
FOR EACH ROW EXECUTE FUNCTION withheld_fresh_load()
"""
# A load is looked at when it is sealed: its name is part of the seal.
_NOT_YET = "finance_load"


def add_triggers(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT withheld_rules()")
        rules = cursor.fetchone()[0]
        rules = json.loads(rules) if isinstance(rules, str) else rules
        for table in sorted(rules.keys() - {_NOT_YET}):
            for event in ("insert", "update"):
                cursor.execute(_FRESH.format(event=event, table=table))
        cursor.execute(_SEALED)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_export"),
        ("projects", "0003_withholding"),
        ("finance", "0007_withheld_texts"),
        ("documents", "0001_initial"),
    ]

    operations = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
