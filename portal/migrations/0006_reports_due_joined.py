"""The definition of reports due, anew: a certified statement is joined to the years before it."""

from django.db import migrations

from portal.reporting.definition import STATEMENTS


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0005_accounts'),
    ]

    operations = [
        migrations.RunSQL(list(STATEMENTS), migrations.RunSQL.noop),
    ]
