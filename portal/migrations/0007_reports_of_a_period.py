"""The definition of reports due, anew: a document of a part of the year is no annual report."""

from django.db import migrations

from portal.reporting.definition import STATEMENTS


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0006_reports_due_joined'),
        ('documents', '0010_report_period'),
    ]

    operations = [
        migrations.RunSQL(list(STATEMENTS), migrations.RunSQL.noop),
    ]
