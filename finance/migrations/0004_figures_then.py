"""Functions and views that add records up, as `finance/figures/effects.py` has them, and their models."""

from django.db import migrations, models

from finance.figures.effects import (STATEMENTS)


class Migration(migrations.Migration):

    dependencies = [
        ('finance', '0003_source_mapping'),
    ]

    operations = [
        migrations.RunSQL(list(STATEMENTS), migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('measure', models.CharField(choices=[('commitment', 'Commitments'), ('deposit', 'Deposits'), ('approved', 'Approved budget'), ('transfer', 'Transfers'), ('refund', 'Refunds'), ('expenditure', 'Expenditure')], max_length=11, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('usd', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('date', models.DateField(verbose_name='date')),
                ('kind', models.CharField(max_length=20, verbose_name='kind of record')),
                ('adjusts', models.BooleanField(verbose_name='taken out again by a certified statement')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('rate', models.DecimalField(decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('original_line', models.PositiveBigIntegerField(null=True, verbose_name='line of the original')),
            ],
            options={
                'verbose_name': 'effect of a record',
                'verbose_name_plural': 'effects of records',
                'db_table': 'finance_effect',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='FigureThen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('measure', models.CharField(choices=[('commitment', 'Commitments'), ('deposit', 'Deposits'), ('approved', 'Approved budget'), ('transfer', 'Transfers'), ('refund', 'Refunds'), ('expenditure', 'Expenditure')], max_length=11, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('usd', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='US$')),
                ('records', models.PositiveIntegerField(verbose_name='records')),
                ('unconverted', models.PositiveIntegerField(verbose_name='records without a rate of exchange')),
                ('until', models.DateField(verbose_name='last date')),
            ],
            options={
                'verbose_name': 'key figure of then',
                'verbose_name_plural': 'key figures of then',
                'db_table': 'finance_figurethen',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='StatedRecord',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20, verbose_name='kind of record')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('date', models.DateField(verbose_name='date')),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('rate', models.DecimalField(decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('usd', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('restates_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'stated record',
                'verbose_name_plural': 'stated records',
                'db_table': 'finance_statedrecord',
                'managed': False,
            },
        ),
    ]
