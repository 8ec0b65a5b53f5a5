"""Functions and views of what records do to funds, as `finance/figures/fund_effects.py` has them."""

from django.db import migrations, models

from finance.figures.fund_effects import (STATEMENTS)


class Migration(migrations.Migration):

    dependencies = [
        ('finance', '0008_staged_lines_unchecked'),
    ]

    operations = [
        migrations.RunSQL(list(STATEMENTS), migrations.RunSQL.noop),
        migrations.CreateModel(
            name='FundEffect',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
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
                ('measure', models.CharField(choices=[('commitment', 'Commitments'), ('pledge', 'Pledges'), ('deposit', 'Contributions'), ('fund-interest', 'Interest and investment income of the fund'), ('po-interest', 'Interest from participating organizations'), ('other-income', 'Other income'), ('paid', 'Transfers to participating organizations'), ('to-fund', 'Transfers to other funds'), ('returned', 'Refunds'), ('aa-fee', 'Administrative Agent fee'), ('direct-cost', 'Direct cost'), ('direct-cost-refund', 'Refund of direct cost'), ('direct-cost-expenditure', 'Expenditure of direct cost'), ('bank-charges', 'Bank charges'), ('approved', 'Approved budget'), ('transfer', 'Transfers to the fund’s projects'), ('refund', 'Refunds of the fund’s projects'), ('expenditure', 'Expenditure')], max_length=24, verbose_name='measure')),
                ('elsewhere', models.BooleanField(verbose_name='voucher and project are of different funds')),
            ],
            options={
                'verbose_name': 'effect on a fund',
                'verbose_name_plural': 'effects on funds',
                'db_table': 'finance_fundeffect',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='FundFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('usd', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='US$')),
                ('records', models.PositiveIntegerField(verbose_name='records')),
                ('unconverted', models.PositiveIntegerField(verbose_name='records without a rate of exchange')),
                ('until', models.DateField(verbose_name='last date')),
                ('measure', models.CharField(choices=[('commitment', 'Commitments'), ('pledge', 'Pledges'), ('deposit', 'Contributions'), ('fund-interest', 'Interest and investment income of the fund'), ('po-interest', 'Interest from participating organizations'), ('other-income', 'Other income'), ('paid', 'Transfers to participating organizations'), ('to-fund', 'Transfers to other funds'), ('returned', 'Refunds'), ('aa-fee', 'Administrative Agent fee'), ('direct-cost', 'Direct cost'), ('direct-cost-refund', 'Refund of direct cost'), ('direct-cost-expenditure', 'Expenditure of direct cost'), ('bank-charges', 'Bank charges'), ('approved', 'Approved budget'), ('transfer', 'Transfers to the fund’s projects'), ('refund', 'Refunds of the fund’s projects'), ('expenditure', 'Expenditure')], max_length=24, verbose_name='measure')),
                ('elsewhere', models.BooleanField(verbose_name='voucher and project are of different funds')),
            ],
            options={
                'verbose_name': 'figure of a fund',
                'verbose_name_plural': 'figures of funds',
                'db_table': 'finance_fundfigure',
                'managed': False,
            },
        ),
    ]
