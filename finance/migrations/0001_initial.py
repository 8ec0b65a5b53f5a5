import django.contrib.postgres.indexes
import django.db.models.functions.text
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ('base_amount', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('restates_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'stated record',
                'verbose_name_plural': 'stated records',
                'db_table': 'finance_statedrecord',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('arrangement', models.CharField(blank=True, max_length=200, verbose_name='arrangement (SAA)')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('is_pledge', models.BooleanField(default=False, verbose_name='pledged, not signed')),
            ],
            options={
                'verbose_name': 'commitment',
                'verbose_name_plural': 'commitments',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('arrangement', models.CharField(blank=True, max_length=200, verbose_name='arrangement (SAA)')),
                ('payer_reference', models.CharField(blank=True, max_length=200, verbose_name='payer’s reference')),
            ],
            options={
                'verbose_name': 'deposit',
                'verbose_name_plural': 'deposits',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='edition')),
                ('as_of', models.DateField(help_text='A day that is over, so that nothing more can become known on it.', verbose_name='as known at the end of')),
                ('figures', models.JSONField(editable=False, verbose_name='figures of its statement')),
                ('published_at', models.DateTimeField(auto_now_add=True, verbose_name='published')),
            ],
            options={
                'verbose_name': 'edition of an annual report',
                'verbose_name_plural': 'editions of annual reports',
                'ordering': ['-year', '-number', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ErasedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('erased_at', models.DateTimeField(verbose_name='erased')),
                ('reason', models.TextField(verbose_name='reason, for staff only')),
            ],
            options={
                'verbose_name': 'erased original',
                'verbose_name_plural': 'erased originals',
            },
        ),
        migrations.CreateModel(
            name='ErasedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=30, verbose_name='kind')),
                ('object_id', models.PositiveBigIntegerField()),
                ('digest', models.CharField(max_length=64, verbose_name='salted digest')),
                ('erased_at', models.DateTimeField(verbose_name='erased')),
                ('reason', models.TextField(verbose_name='reason, for staff only')),
            ],
            options={
                'verbose_name': 'erased text',
                'verbose_name_plural': 'erased texts',
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('effective_on', models.DateField(verbose_name='effective date')),
                ('units_per_base', models.DecimalField(decimal_places=10, max_digits=24, verbose_name='units per US$')),
            ],
            options={
                'verbose_name': 'exchange rate',
                'verbose_name_plural': 'exchange rates',
                'ordering': ['currency', '-effective_on', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExpenditureLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('state', models.CharField(choices=[('interim', 'interim'), ('reported', 'reported'), ('certified', 'certified')], max_length=9, verbose_name='state')),
            ],
            options={
                'verbose_name': 'expenditure line',
                'verbose_name_plural': 'expenditure lines',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FundCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('kind', models.CharField(choices=[('fund-interest', 'Interest and investment income of the fund'), ('po-interest', 'Interest from participating organizations'), ('other-income', 'Other income'), ('to-fund', 'Transfer to another fund'), ('aa-fee', 'Administrative Agent fee'), ('direct-cost', 'Direct cost'), ('direct-cost-refund', 'Refund of direct cost'), ('direct-cost-expenditure', 'Expenditure of direct cost'), ('bank-charges', 'Bank charges')], max_length=24, verbose_name='kind')),
            ],
            options={
                'verbose_name': 'fund cost',
                'verbose_name_plural': 'fund costs',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('measure', models.CharField(choices=[('commitment', 'Commitment'), ('deposit', 'Deposit'), ('approved', 'Approved'), ('transfer', 'Transfer'), ('refund', 'Refund'), ('expenditure', 'Expenditure')], max_length=11, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('base_amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='US$')),
                ('records', models.PositiveIntegerField(verbose_name='records')),
                ('unconverted', models.PositiveIntegerField(verbose_name='records without a rate of exchange')),
                ('until', models.DateField(verbose_name='last date')),
            ],
            options={
                'verbose_name': 'key figure',
                'verbose_name_plural': 'key figures',
            },
        ),
        migrations.CreateModel(
            name='Load',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('iati', 'IATI activities'), ('vouchers', 'Vouchers'), ('budgets', 'Approved budgets'), ('expenditures', 'Expenditures'), ('contributions', 'Commitments and deposits'), ('fund-costs', 'Fund costs'), ('projects', 'Projects'), ('organizations', 'Organizations'), ('funds', 'Funds'), ('rates', 'Exchange rates'), ('reports-received', 'Reports received'), ('starter', 'Starter workbook: several sheets at once')], max_length=16, verbose_name='kind')),
                ('state', models.CharField(choices=[('received', 'Received'), ('checking', 'Being checked'), ('faulty', 'Faulty'), ('checked', 'Checked'), ('released', 'Released'), ('rejected', 'Rejected')], default='received', max_length=8, verbose_name='state')),
                ('scope', models.JSONField(blank=True, default=dict, help_text='What the file is complete for.', verbose_name='scope')),
                ('options', models.JSONField(blank=True, default=dict, help_text='Mapping of foreign headers; annual or cumulative figures.', verbose_name='how the file is read')),
                ('stated_totals', models.JSONField(blank=True, default=dict, verbose_name='control totals of the sender')),
                ('file', models.FileField(upload_to='loads/%Y/%m/', verbose_name='file')),
                ('file_name', models.CharField(max_length=255, verbose_name='file name')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='progress (percent)')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked')),
                ('acknowledged', models.JSONField(blank=True, default=list, verbose_name='acknowledged warnings')),
                ('released_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='released')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='new, changed, withdrawn, unchanged')),
                ('report', models.JSONField(blank=True, default=dict, verbose_name='report')),
            ],
            options={
                'verbose_name': 'load',
                'verbose_name_plural': 'loads',
                'ordering': ['-released_at', '-pk'],
                'permissions': [('release_load', 'Can release and reverse loads')],
            },
        ),
        migrations.CreateModel(
            name='LoadRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.CharField(choices=[('error', 'Error'), ('warning', 'Warning')], max_length=7, verbose_name='severity')),
                ('code', models.SlugField(max_length=40, verbose_name='kind')),
                ('line', models.PositiveBigIntegerField(null=True, verbose_name='row')),
                ('rows', models.PositiveIntegerField(default=1, verbose_name='rows')),
                ('column', models.CharField(blank=True, max_length=200, verbose_name='column')),
                ('value', models.TextField(blank=True, verbose_name='value')),
                ('message', models.TextField(verbose_name='what is wrong')),
                ('advice', models.TextField(blank=True, verbose_name='how to mend it')),
            ],
            options={
                'verbose_name': 'remark',
                'verbose_name_plural': 'remarks',
                'ordering': ['line', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OrganizationStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('fingerprint', models.CharField(max_length=64)),
                ('values', models.JSONField(verbose_name='values as stated')),
            ],
            options={
                'verbose_name': 'statement about an organization',
                'verbose_name_plural': 'statements about organizations',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='OtherFlow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('flow_type', models.CharField(max_length=10, verbose_name='IATI transaction type')),
            ],
            options={
                'verbose_name': 'other flow',
                'verbose_name_plural': 'other flows',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('fingerprint', models.CharField(max_length=64)),
                ('values', models.JSONField(verbose_name='values as stated')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
            ],
            options={
                'verbose_name': 'statement about a project',
                'verbose_name_plural': 'statements about projects',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportReceived',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('kind', models.CharField(choices=[('narrative', 'Annual narrative report'), ('financial', 'Year-end expenditure'), ('final-narrative', 'Final narrative report'), ('certified', 'Certified final financial statement')], max_length=16, verbose_name='report')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year reported on')),
                ('received_on', models.DateField(blank=True, help_text='The day on which it arrived.', null=True, verbose_name='received on')),
                ('extended_to', models.DateField(blank=True, null=True, verbose_name='extended to')),
                ('exempt', models.BooleanField(default=False, verbose_name='exempt')),
                ('reason', models.TextField(blank=True, verbose_name='reason for extension or exemption')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
            ],
            options={
                'verbose_name': 'report received',
                'verbose_name_plural': 'reports received',
                'ordering': ['-year', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True, verbose_name='number')),
                ('form', models.PositiveSmallIntegerField(verbose_name='version of the canonical form')),
                ('load_line', models.TextField(verbose_name='the load as sealed')),
                ('salt', models.UUIDField(editable=False, null=True)),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='hash of the seal before')),
                ('content', models.CharField(max_length=64, verbose_name='hash of the content')),
                ('hash', models.CharField(max_length=64, unique=True, verbose_name='hash')),
                ('added', models.PositiveBigIntegerField(verbose_name='records added')),
                ('withdrawn', models.PositiveBigIntegerField(verbose_name='records withdrawn')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='SealedEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=30, verbose_name='kind')),
                ('object_id', models.PositiveBigIntegerField()),
                ('identifier', models.CharField(max_length=200, verbose_name='identifier')),
                ('salt', models.UUIDField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'sealed identifier',
                'verbose_name_plural': 'sealed identifiers',
            },
        ),
        migrations.CreateModel(
            name='SealPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=30, verbose_name='kind of record')),
                ('withdrawn', models.BooleanField(verbose_name='withdrawn')),
                ('count', models.PositiveBigIntegerField(verbose_name='records')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('leaves', models.BinaryField()),
            ],
            options={
                'verbose_name': 'part of a seal',
                'verbose_name_plural': 'parts of seals',
                'ordering': ['seal_id', 'withdrawn', 'model'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SourceMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('spec', models.JSONField(verbose_name='mapping')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
            ],
            options={
                'verbose_name': 'mapping of a source',
                'verbose_name_plural': 'mappings of sources',
                'ordering': ['source_id', 'kind', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StagedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=24)),
                ('action', models.CharField(choices=[('add', 'add'), ('withdraw', 'withdraw')], default='add', max_length=8)),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('fingerprint', models.CharField(max_length=32)),
                ('project_id', models.BigIntegerField(null=True)),
                ('fund_id', models.BigIntegerField(null=True)),
                ('record_id', models.BigIntegerField(null=True)),
                ('base_amount', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('values', models.JSONField(null=True)),
                ('replaced', models.BooleanField(db_default=False)),
            ],
            options={
                'verbose_name': 'staged line',
                'verbose_name_plural': 'staged lines',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VerifyResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='began')),
                ('ended_at', models.DateTimeField(verbose_name='ended')),
                ('projects', models.PositiveIntegerField(help_text='How many were looked at; empty: everything.', null=True, verbose_name='projects')),
                ('seal_number', models.PositiveBigIntegerField(default=0, verbose_name='newest seal')),
                ('seal_hash', models.CharField(blank=True, max_length=64, verbose_name='its hash')),
                ('ok', models.BooleanField(verbose_name='all agrees')),
                ('difference', models.TextField(blank=True, verbose_name='first difference')),
            ],
            options={
                'verbose_name': 'result of verification',
                'verbose_name_plural': 'results of verification',
                'ordering': ['-ended_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=200, verbose_name='voucher number')),
                ('payment_date', models.DateField(verbose_name='payment date')),
                ('key', models.CharField(help_text='Digest of what tells it from others of its source.', max_length=32)),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
                'ordering': ['-payment_date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='VoucherLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('kind', models.CharField(choices=[('transfer', 'Transfer'), ('refund', 'Refund'), ('correction', 'Refund or correction')], default='transfer', max_length=10, verbose_name='kind')),
            ],
            options={
                'verbose_name': 'voucher line',
                'verbose_name_plural': 'voucher lines',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BudgetCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_indirect', models.BooleanField(default=False, verbose_name='indirect support cost')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('counts_as', models.ForeignKey(blank=True, help_text='For a category of an older set: the one of today’s set in reports of funds.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='older', to='finance.budgetcategory', verbose_name='counts as')),
            ],
            options={
                'verbose_name': 'budget category',
                'verbose_name_plural': 'budget categories',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('period_start', models.DateField(blank=True, null=True, verbose_name='period from')),
                ('period_end', models.DateField(blank=True, null=True, verbose_name='period to')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='finance.budgetcategory')),
            ],
            options={
                'verbose_name': 'budget line',
                'verbose_name_plural': 'budget lines',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='budgetline',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='budget_lines', to='projects.organization', verbose_name='participating organization'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_lines', to='projects.project'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.budgetline'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='contributor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.organization', verbose_name='contributor'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.project'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.commitment'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='contributor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.organization', verbose_name='contributor'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='projects.project'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.deposit'),
        ),
        migrations.AddField(
            model_name='edition',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='edition',
            name='published_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='erasedtext',
            constraint=models.UniqueConstraint(fields=('model', 'object_id'), name='text_erased_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedtext',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='20b7bdd0da5f675de570e0fb2495272b01da3852', operation='DELETE', pgid='pgtrigger_no_delete_31c52', table='finance_erasedtext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedtext',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='464f905ad81cf34a825be1deb12a6b730b8cd4d0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e5331', table='finance_erasedtext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedtext',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='19922accc2cc483585a27355f0e9e7e50e723fe1', operation='UPDATE', pgid='pgtrigger_no_update_1936a', table='finance_erasedtext', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='exchangerate',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.exchangerate'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='finance.budgetcategory'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='expenditure_lines', to='projects.organization', verbose_name='participating organization'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expenditure_lines', to='projects.project'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.expenditureline'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='costs', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fund_costs', to='projects.organization', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='other_fund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='costs_received', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.fundcost'),
        ),
        migrations.AddField(
            model_name='keyfigure',
            name='category',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='finance.budgetcategory'),
        ),
        migrations.AddField(
            model_name='keyfigure',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='key_figures', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='keyfigure',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_figures', to='projects.project'),
        ),
        migrations.AddField(
            model_name='load',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='load',
            name='received_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='load',
            name='released_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='load',
            name='reverses',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='finance.load', verbose_name='reverses'),
        ),
        migrations.AddField(
            model_name='load',
            name='withdrawal_confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='exchangerate',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='exchangerate',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='erasedfile',
            name='load',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='erased_file', to='finance.load'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='loadremark',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='finance.load'),
        ),
        migrations.AddField(
            model_name='organizationstatement',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organization_statements', to='finance.load'),
        ),
        migrations.AddField(
            model_name='organizationstatement',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='other_flows', to='projects.organization', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='other_flows', to='projects.project'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.otherflow'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='projectstatement',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_statements', to='finance.load'),
        ),
        migrations.AddField(
            model_name='projectstatement',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='projects.project'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports_received', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports_received', to='projects.project'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.reportreceived'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='seal',
            name='load',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='finance.load'),
        ),
        migrations.AddConstraint(
            model_name='sealedentity',
            constraint=models.UniqueConstraint(fields=('model', 'object_id'), include=('identifier',), name='entity_sealed_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedentity',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c5568cd79905a5ae1cff56434e3dbe783656ccde', operation='DELETE', pgid='pgtrigger_no_delete_82ed9', table='finance_sealedentity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedentity',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='e0baef409dc689161480eaa5e6438389822cef8c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_28bd4', table='finance_sealedentity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedentity',
            trigger=pgtrigger.compiler.Trigger(name='only_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{salt}'::text[] = to_jsonb(NEW) - '{salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'what was released is never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='b77d8944c21dfc636518ebf540576aa45d0dfb92', operation='UPDATE', pgid='pgtrigger_only_emptied_f64e2', table='finance_sealedentity', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='sealpart',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='finance.seal'),
        ),
        migrations.AddField(
            model_name='reportreceived',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='otherflow',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='load',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loads', to='finance.source'),
        ),
        migrations.AddField(
            model_name='fundcost',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='expenditureline',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='exchangerate',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='sourcemapping',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mappings', to='finance.source'),
        ),
        migrations.AddField(
            model_name='sourcemapping',
            name='updated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stagedline',
            name='load',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='staged_lines', to='finance.load'),
        ),
        migrations.AddIndex(
            model_name='verifyresult',
            index=models.Index(fields=['-ended_at', '-id'], name='verify_newest'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='payee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='projects.organization', verbose_name='payee'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='finance.source'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voucher_lines', to='projects.organization', verbose_name='participating organization'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_lines', to='projects.project'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.voucherline'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='voucherline',
            name='voucher',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='finance.voucher'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('fund', 'year', 'number'), name='edition_once'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1945), ('year__lte', 2200)), name='edition_year_plausible', violation_error_message='The year must lie between 1945 and 2200.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d7b22676468e00b410a573a2b23297e20c486ffb', operation='DELETE', pgid='pgtrigger_no_delete_cac47', table='finance_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='28b4918819767ed4a24d378985b1641992f62abb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e69b2', table='finance_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='277f5db5875b9226c24844fd8906dc15bdc55fa5', operation='UPDATE', pgid='pgtrigger_no_update_8223a', table='finance_edition', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='keyfigure',
            constraint=models.UniqueConstraint(models.F('project'), models.F('measure'), models.F('state'), models.F('year'), django.db.models.functions.comparison.Coalesce('organization', 0), django.db.models.functions.comparison.Coalesce('category', 0), name='one_key_figure'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedfile',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='892b429245d2b9de794d082999e80c7303276dbe', operation='DELETE', pgid='pgtrigger_no_delete_d6551', table='finance_erasedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedfile',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='2c194e4bfa5538fd98f165465430ef10d91fb24f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3b13a', table='finance_erasedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasedfile',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='606e36871673f5cf4f17e66a2b69463a47b26612', operation='UPDATE', pgid='pgtrigger_no_update_fe6f1', table='finance_erasedfile', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='loadremark',
            index=models.Index(fields=['load', 'severity', 'code'], name='remark_kinds'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectstatement',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2f16f39e6961028ff325f434b6e66c884bfe7dfc', operation='DELETE', pgid='pgtrigger_no_delete_bab34', table='finance_projectstatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectstatement',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='328e3d1daaed1d95c670ef18e8fddcfc98294320', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_106d6', table='finance_projectstatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectstatement',
            trigger=pgtrigger.compiler.Trigger(name='only_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{values,salt}'::text[] = to_jsonb(NEW) - '{values,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'what was released is never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='a5ed9bca930b3257723456e1fa9ebc186f0386c2', operation='UPDATE', pgid='pgtrigger_only_emptied_bd67e', table='finance_projectstatement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(('content__regex', '^[0-9a-f]{64}$'), ('hash__regex', '^[0-9a-f]{64}$'), models.Q(models.Q(('number', 1), ('previous', '')), models.Q(('number__gt', 1), ('previous__regex', '^[0-9a-f]{64}$')), _connector='OR')), name='seal_hashes_are_hex'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2deb6d7dca5fc4d9e92bcfef1e44f308591d77a3', operation='DELETE', pgid='pgtrigger_no_delete_a869c', table='finance_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='a86a8bcdb6a3fc0e0360e145209d8b1a865a5848', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a6009', table='finance_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='only_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{salt}'::text[] = to_jsonb(NEW) - '{salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'what was released is never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='67792cb3e1d2a371cfc8a7a2c3901a32eff56d14', operation='UPDATE', pgid='pgtrigger_only_emptied_6edae', table='finance_seal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sealpart',
            constraint=models.UniqueConstraint(fields=('seal', 'withdrawn', 'model'), name='seal_part_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealpart',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8bfd543f009de1b493430c888c6534b0eaebedd0', operation='DELETE', pgid='pgtrigger_no_delete_1dd2f', table='finance_sealpart', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealpart',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='a636050bf4b4e5d2e251909fc5dc3b923d25fa77', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5996a', table='finance_sealpart', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealpart',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e560a9e8f26cfad2c02f6d8371c98b6e6440b671', operation='UPDATE', pgid='pgtrigger_no_update_b7643', table='finance_sealpart', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reportreceived',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'year'], name='reportreceived_standing'),
        ),
        migrations.AddIndex(
            model_name='reportreceived',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='reportreceived_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='reportreceived',
            constraint=models.CheckConstraint(condition=models.Q(('received_on__isnull', False), ('extended_to__isnull', False), ('exempt', True), _connector='OR'), name='report_received_extended_or_exempt', violation_error_message='State when it arrived, an extension or an exemption.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportreceived',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='933ed75ba5d4198efcbba000745a6bb8e6d9fdbf', operation='DELETE', pgid='pgtrigger_no_delete_723eb', table='finance_reportreceived', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportreceived',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='75f9c757de70d0f899421ca0f23b6a8d63f8b61b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_efe25', table='finance_reportreceived', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportreceived',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='6e3c87b776315bb7b41e7bee86de04a9bd432c3b', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_f441a', table='finance_reportreceived', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='otherflow',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'date'], name='otherflow_standing'),
        ),
        migrations.AddIndex(
            model_name='otherflow',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='otherflow_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='otherflow',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ebb60591eb777b36df51041f05e62418399338c0', operation='DELETE', pgid='pgtrigger_no_delete_00f19', table='finance_otherflow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='otherflow',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='88a7cea5e405c635a08594812d2b2c3145cf3d3e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7b759', table='finance_otherflow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='otherflow',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='1c1d5429e46f3679794d6f2f52c3a54f60fdfa2a', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_56e25', table='finance_otherflow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='otherflow',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='39f155ec2c77c138fef4e87e81dce4f08f789edb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_52f34', referencing='REFERENCING NEW TABLE AS stated ', table='finance_otherflow', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='load_sha256_is_hex'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', False), ('state', 'released')), models.Q(models.Q(('state', 'released'), _negated=True), ('released_at__isnull', True)), _connector='OR'), name='load_released_has_its_time', violation_error_message='A load is released at a time, or not released.'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('reverses__isnull', True), models.Q(('reverses', models.F('id')), _negated=True), _connector='OR'), name='load_reverses_another', violation_error_message='A load cannot reverse itself.'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'rejected'), _negated=True), fields=('reverses',), name='load_reversed_once', violation_error_message='This load is being reversed already.'),
        ),
        migrations.AddIndex(
            model_name='fundcost',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['fund', 'date'], name='fundcost_standing'),
        ),
        migrations.AddIndex(
            model_name='fundcost',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='fundcost_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundcost',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='851e68ffca6909300e792a6dbaa9928ab9dae3af', operation='DELETE', pgid='pgtrigger_no_delete_8097b', table='finance_fundcost', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundcost',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='ca15fd25384461f8490768987583feea7396f527', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_426e6', table='finance_fundcost', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundcost',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='762e598a09baf5ee3fb81624325166f22c9ab406', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_ce9aa', table='finance_fundcost', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundcost',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='d63307af47a0d0c2d4b9b6740c11a2787e9dd8c9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_69b4f', referencing='REFERENCING NEW TABLE AS stated ', table='finance_fundcost', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='expenditureline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'year'], name='expenditure_standing'),
        ),
        migrations.AddIndex(
            model_name='expenditureline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='expenditure_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='expenditureline',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1945), ('year__lte', 2200)), name='expenditure_year_plausible', violation_error_message='The year must lie between 1945 and 2200.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expenditureline',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='73265dbad438ca597e4ea0473f1a25d8bf0e3b58', operation='DELETE', pgid='pgtrigger_no_delete_0a9d3', table='finance_expenditureline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expenditureline',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='ad901553ca89bc5a8f4ad61c72a8c3ec1d67aac5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_feb31', table='finance_expenditureline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expenditureline',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='2ccae3f6b0ef757f8fe37452c8f327e98946877b', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_3f7ca', table='finance_expenditureline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expenditureline',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='3dd0e02b1196d13b743f24158344bad0b861f8d7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_b8659', referencing='REFERENCING NEW TABLE AS stated ', table='finance_expenditureline', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='exchangerate',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['currency', 'effective_on'], name='rate_standing'),
        ),
        migrations.AddIndex(
            model_name='exchangerate',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='rate_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('units_per_base__gt', 0)), name='rate_positive', violation_error_message='A rate is above zero.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c7520d607bc52428c46244387c59bf07a8f76ba6', operation='DELETE', pgid='pgtrigger_no_delete_81c8d', table='finance_exchangerate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='baa0450669e12b2fc2271a8a6f7f98fd995e670b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_87dd5', table='finance_exchangerate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='9ed183161923d32711a01472c633f87b27730a6d', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_abdaf', table='finance_exchangerate', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='deposit',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['fund', 'date'], name='deposit_standing'),
        ),
        migrations.AddIndex(
            model_name='deposit',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='deposit_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deposit',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='72bc5c675bbc3ca02981151b3ff7a41a4e2b8b20', operation='DELETE', pgid='pgtrigger_no_delete_f4b53', table='finance_deposit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deposit',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='5fa830e122c9d208ca591f2bc1230c9fbb611969', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_95ff3', table='finance_deposit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deposit',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='5d4dacae7e9820199192a240c287f58ddf68ce97', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_d446d', table='finance_deposit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deposit',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='3b64db8bb347e4f20736bfe4b72c53eb4afdc27b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_5cf47', referencing='REFERENCING NEW TABLE AS stated ', table='finance_deposit', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['fund', 'date'], name='commitment_standing'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='commitment_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='84cc7327658a1df4997258735a34fd40d71f398a', operation='DELETE', pgid='pgtrigger_no_delete_3ae3d', table='finance_commitment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='0656169ce0a29e400f82d521e1418fe09003629f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f6184', table='finance_commitment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='549ad87ef51596f7c736ece862166df6884378d3', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_a726e', table='finance_commitment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='5f38d541f29192031bbcc7ebd768188a1e98d469', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_6f5a4', referencing='REFERENCING NEW TABLE AS stated ', table='finance_commitment', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='budgetline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'date'], name='budgetline_standing'),
        ),
        migrations.AddIndex(
            model_name='budgetline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='budgetline_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetline',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e0e69bda696bb62e588e003a329158937999ecf3', operation='DELETE', pgid='pgtrigger_no_delete_b1c1c', table='finance_budgetline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetline',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='9da77e0b9111f09598517a070bee4b66b0354b33', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_294ff', table='finance_budgetline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetline',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='a2527321b4a019ae00e94f1f674984d8c630f921', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_9bfb2', table='finance_budgetline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetline',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='091e35aea7f1dc6bdb1f5fad0435505759693784', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_f6cf2', referencing='REFERENCING NEW TABLE AS stated ', table='finance_budgetline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='sourcemapping',
            constraint=models.UniqueConstraint(fields=('source', 'kind'), name='one_mapping_per_source_and_kind', violation_error_message='This source has a mapping for this kind already.'),
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(models.OrderBy(models.F('payment_date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='voucher_order'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.UniqueConstraint(fields=('source', 'key'), name='voucher_once_per_source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1a1e14211b95a658f4615ed1bb8f98e0ff0dac9b', operation='DELETE', pgid='pgtrigger_no_delete_8da3d', table='finance_voucher', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='efd67811c3fa18b66b5b637701d31a204380945a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_99bb0', table='finance_voucher', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='only_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{number,salt}'::text[] = to_jsonb(NEW) - '{number,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'what was released is never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='8e742a97475ba1e6743b94e45306cdceec97b478', operation='UPDATE', pgid='pgtrigger_only_emptied_16996', table='finance_voucher', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='voucherline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'date'], name='voucherline_standing'),
        ),
        migrations.AddIndex(
            model_name='voucherline',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='voucherline_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='voucherline',
            index=models.Index(models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='voucherline_order'),
        ),
        migrations.AddConstraint(
            model_name='voucherline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('kind', 'transfer')), models.Q(models.Q(('kind', 'transfer'), _negated=True), ('amount__lte', 0)), _connector='OR'), name='transfer_positive_refund_negative', violation_error_message='Transfers are positive, refunds negative.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucherline',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f238165614bc4b49bdba970b7be0eb02184746a4', operation='DELETE', pgid='pgtrigger_no_delete_df076', table='finance_voucherline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucherline',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='959f24f052e36b81547dd15d2f0b3ab65c36b020', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ff2e4', table='finance_voucherline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucherline',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='6f4b660e4bae50dadc8735ac5aa2e91295fd002e', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_f766c', table='finance_voucherline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucherline',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='4a842001144395b72748fd273344e92cd2df9d54', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_d1049', referencing='REFERENCING NEW TABLE AS stated ', table='finance_voucherline', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=24, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('date', models.DateField(verbose_name='date')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('base_amount', models.DecimalField(decimal_places=6, help_text='In the direction of the measure; empty while no rate is known.', max_digits=24, null=True, verbose_name='amount in base currency')),
                ('amount', models.DecimalField(decimal_places=6, help_text='As stated; the other way round where the entry takes its record out.', max_digits=24, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('rate', models.DecimalField(decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('records', models.SmallIntegerField(verbose_name='records')),
                ('unconverted', models.SmallIntegerField(verbose_name='records without a rate of exchange')),
                ('adjusts', models.BooleanField(default=False, verbose_name='of what a certified statement covers')),
                ('kind', models.CharField(max_length=20, verbose_name='kind of record')),
                ('record_id', models.BigIntegerField(verbose_name='record')),
                ('replaced_by_id', models.BigIntegerField(null=True, verbose_name='replaced by')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('original_line', models.PositiveBigIntegerField(null=True, verbose_name='line of the original')),
                ('known_from', models.DateTimeField(verbose_name='known from')),
                ('known_until', models.DateTimeField(null=True, verbose_name='known until')),
                ('category', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.budgetcategory')),
                ('fund', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='entries', to='projects.fund')),
                ('load', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.load')),
                ('organization', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='entries', to='projects.organization')),
                ('original_load', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.load')),
                ('project', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='entries', to='projects.project')),
                ('project_fund', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='project_entries', to='projects.fund')),
                ('voucher', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.voucher')),
            ],
            options={
                'verbose_name': 'entry',
                'verbose_name_plural': 'entries',
                'indexes': [models.Index(fields=['record_id', 'kind'], name='entry_record')],
            },
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(django.contrib.postgres.indexes.OpClass(models.Func('number', output_field=models.TextField(), template='regexp_replace(translate(lower(regexp_replace(normalize(translate(%(expressions)s, \'‐‑‒–—―−﹘﹣－‘’‚‛′`´ʹʼ＇“”„‟″«»＂\', \'----------\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'""""""""\'), NFKD), \'[\\u0300-\\u036f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]\', \'\', \'g\')), \'øłđŧħıς\', \'oldthiσ\'), \'[^[:alnum:]]+\', \'\', \'g\')'), name='text_pattern_ops'), name='voucher_number_begins'),
        ),
        migrations.CreateModel(
            name='FundFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(null=True, verbose_name='moment of the release')),
                ('measure', models.CharField(max_length=24, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('date_year', models.PositiveSmallIntegerField(verbose_name='year of the date')),
                ('base_amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='US$')),
                ('records', models.IntegerField(verbose_name='records')),
                ('unconverted', models.IntegerField(verbose_name='records without a rate of exchange')),
            ],
            options={
                'verbose_name': 'figure of a fund',
                'verbose_name_plural': 'figures of funds',
            },
        ),
        migrations.CreateModel(
            name='OrganizationFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(null=True, verbose_name='moment of the release')),
                ('measure', models.CharField(max_length=24, verbose_name='measure')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='state')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('date_year', models.PositiveSmallIntegerField(verbose_name='year of the date')),
                ('base_amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='US$')),
                ('records', models.IntegerField(verbose_name='records')),
                ('unconverted', models.IntegerField(verbose_name='records without a rate of exchange')),
            ],
            options={
                'verbose_name': 'figure of an organization',
                'verbose_name_plural': 'figures of organizations',
            },
        ),
        migrations.CreateModel(
            name='ProjectSums',
            fields=[
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sums', serialize=False, to='projects.project')),
                ('approved', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('transfer', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('refund', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('expenditure', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('expenditure_interim', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('approved_left_out', models.IntegerField(default=0, verbose_name='amounts left out')),
                ('transfer_left_out', models.IntegerField(default=0, verbose_name='amounts left out')),
                ('refund_left_out', models.IntegerField(default=0, verbose_name='amounts left out')),
                ('expenditure_left_out', models.IntegerField(default=0, verbose_name='amounts left out')),
                ('net_funded', models.DecimalField(decimal_places=6, default=0, max_digits=24, verbose_name='US$')),
                ('balance', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('delivery_rate', models.DecimalField(decimal_places=24, max_digits=50, null=True, verbose_name='delivery rate')),
            ],
            options={
                'verbose_name': 'sums of a project',
                'verbose_name_plural': 'sums of projects',
            },
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['known_from'], name='entry_known_from'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('known_until__isnull', False)), fields=['known_until'], name='entry_known_until'),
        ),
        migrations.AddField(
            model_name='fundfigure',
            name='fund',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='figures', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='fundfigure',
            name='project_fund',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='project_figures', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='organizationfigure',
            name='organization',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='figures', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='organizationfigure',
            name='project_fund',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='organization_figures', to='projects.fund'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(fields=['approved', 'project'], name='project_by_approved'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(fields=['net_funded', 'project'], name='project_by_net_funded'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(fields=['expenditure', 'project'], name='project_by_expenditure'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(fields=['balance', 'project'], name='project_by_balance'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(models.OrderBy(models.F('balance'), descending=True, nulls_last=True), models.OrderBy(models.F('project'), descending=True), name='project_by_balance_down'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(models.OrderBy(models.F('delivery_rate'), nulls_last=True), models.F('project'), name='project_by_rate'),
        ),
        migrations.AddIndex(
            model_name='projectsums',
            index=models.Index(models.OrderBy(models.F('delivery_rate'), descending=True, nulls_last=True), models.OrderBy(models.F('project'), descending=True), name='project_by_rate_down'),
        ),
        migrations.AddIndex(
            model_name='fundfigure',
            index=models.Index(models.F('at'), name='fund_figure_at'),
        ),
        migrations.AddConstraint(
            model_name='fundfigure',
            constraint=models.UniqueConstraint(models.F('measure'), models.F('state'), models.F('year'), models.F('date_year'), django.db.models.functions.comparison.Coalesce('fund', 0), django.db.models.functions.comparison.Coalesce('project_fund', 0), condition=models.Q(('at__isnull', True)), name='one_fund_figure'),
        ),
        migrations.AddIndex(
            model_name='organizationfigure',
            index=models.Index(models.F('at'), name='organization_figure_at'),
        ),
        migrations.AddConstraint(
            model_name='organizationfigure',
            constraint=models.UniqueConstraint(models.F('measure'), models.F('state'), models.F('year'), models.F('date_year'), django.db.models.functions.comparison.Coalesce('organization', 0), django.db.models.functions.comparison.Coalesce('project_fund', 0), condition=models.Q(('at__isnull', True)), name='one_organization_figure'),
        ),
        migrations.CreateModel(
            name='VoucherSums',
            fields=[
                ('voucher', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sums', serialize=False, to='finance.voucher')),
                ('line_count', models.PositiveIntegerField(verbose_name='lines')),
                ('total', models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('left_out', models.PositiveIntegerField(verbose_name='amounts left out')),
            ],
            options={
                'verbose_name': 'sums of a voucher',
                'verbose_name_plural': 'sums of vouchers',
                'indexes': [models.Index(fields=['line_count', 'voucher'], name='voucher_by_lines'), models.Index(fields=['total', 'voucher'], name='voucher_by_total'), models.Index(models.OrderBy(models.F('total'), descending=True, nulls_last=True), models.OrderBy(models.F('voucher'), descending=True), name='voucher_by_total_down')],
            },
        ),
        migrations.CreateModel(
            name='FundStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(verbose_name='line')),
                ('fingerprint', models.CharField(max_length=64)),
                ('values', models.JSONField(verbose_name='values as stated')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='projects.fund')),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fund_statements', to='finance.load')),
            ],
            options={
                'verbose_name': 'statement about a fund',
                'verbose_name_plural': 'statements about funds',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(models.Func('number', output_field=models.TextField(), template="ltrim(substring(%(expressions)s from '([0-9]+)[^0-9]*$'), '0')"), name='voucher_last_number'),
        ),
        migrations.CreateModel(
            name='Mend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('cell', 'Cell'), ('rule', 'Value wherever it stands in the column'), ('left-out', 'Row left out'), ('taken-in', 'Row taken in again'), ('created', 'Organization created for this name')], max_length=8, verbose_name='what')),
                ('line', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='row')),
                ('column', models.CharField(blank=True, max_length=60, verbose_name='column')),
                ('old', models.CharField(blank=True, max_length=2000, verbose_name='as the file has it')),
                ('new', models.CharField(blank=True, max_length=2000, verbose_name='as mended')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='mended on')),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mends', to='finance.load')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mend',
                'verbose_name_plural': 'mends',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', True), ('what__in', ('rule', 'created'))), models.Q(('line__isnull', False), ('what__in', ('cell', 'left-out', 'taken-in'))), _connector='OR'), name='mend_of_a_row_or_of_all', violation_error_message='A mend is of one row, or of a value in all.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mend',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1aaa8ecaca767dadcade3f09d99b34a596a7bd21', operation='DELETE', pgid='pgtrigger_no_delete_4bca7', table='finance_mend', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mend',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='9fd738a0510c3ff072ad7c48582a9eb49b6d71b8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7cd9d', table='finance_mend', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('date', models.DateField(verbose_name='date')),
                ('body', models.CharField(max_length=200, verbose_name='body')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='reference')),
                ('kind', models.CharField(choices=[('allocation', 'Allocation'), ('revision', 'Revision'), ('extension', 'Extension'), ('other', 'Other decision')], max_length=10, verbose_name='kind')),
                ('amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='amount as stated')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('minutes', models.PositiveBigIntegerField(blank=True, help_text='Its number here.', null=True, verbose_name='document of the minutes')),
                ('conditions', models.TextField(blank=True, verbose_name='conditions')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SubGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveBigIntegerField(help_text='Row or line of the file.', verbose_name='line')),
                ('fingerprint', models.CharField(help_text='Digest of the values as stated, to compare loads by.', max_length=32)),
                ('amount', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='amount as stated')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='value date')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('rate', models.DecimalField(blank=True, decimal_places=10, max_digits=24, null=True, verbose_name='units per US$')),
                ('date', models.DateField(help_text='Of payment, or the end of the period.', verbose_name='date')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('iati', models.JSONField(blank=True, help_text='Codes of its IATI file that have no column here.', null=True, verbose_name='in IATI')),
                ('salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid', output_field=models.UUIDField()), editable=False, null=True)),
                ('partner_type', models.CharField(blank=True, choices=[('local', 'Local'), ('national', 'National'), ('international', 'International')], max_length=13, verbose_name='type of partner')),
                ('women_led', models.BooleanField(blank=True, null=True, verbose_name='led by women')),
                ('period_start', models.DateField(blank=True, null=True, verbose_name='period from')),
                ('period_end', models.DateField(blank=True, null=True, verbose_name='period to')),
            ],
            options={
                'verbose_name': 'sub-grant',
                'verbose_name_plural': 'sub-grants',
                'ordering': ['-date', '-pk'],
                'abstract': False,
            },
        ),
        migrations.AlterField(
            model_name='load',
            name='kind',
            field=models.CharField(choices=[('iati', 'IATI activities'), ('vouchers', 'Vouchers'), ('budgets', 'Approved budgets'), ('expenditures', 'Expenditures'), ('contributions', 'Commitments and deposits'), ('fund-costs', 'Fund costs'), ('projects', 'Projects'), ('organizations', 'Organizations'), ('funds', 'Funds'), ('rates', 'Exchange rates'), ('reports-received', 'Reports received'), ('decisions', 'Decisions'), ('sub-grants', 'Sub-grants'), ('starter', 'Starter workbook: several sheets at once')], max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='decision',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='decision',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='decision',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='projects.organization', verbose_name='participating organization'),
        ),
        migrations.AddField(
            model_name='decision',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='projects.project'),
        ),
        migrations.AddField(
            model_name='decision',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.decision'),
        ),
        migrations.AddField(
            model_name='decision',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='decision',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sub_grants_given', to='projects.organization', verbose_name='participating organization'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='partner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sub_grants_received', to='projects.organization', verbose_name='implementing partner'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sub_grants', to='projects.project'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='restates',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.subgrant'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.source'),
        ),
        migrations.AddField(
            model_name='subgrant',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.load'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['fund', 'date'], name='decision_standing'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='decision_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'date'], name='decision_of_project'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='decision_order'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('currency', ''), _negated=True), _connector='OR'), name='decision_amount_has_currency', violation_error_message='State the currency of the amount.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='14673a0cf672a3f13c24acf272d6849593534633', operation='DELETE', pgid='pgtrigger_no_delete_6db26', table='finance_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='46b953f662671299defebe80a3498aeda01bbe19', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_05f13', table='finance_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='350152d6fa557086c8297d29f18b8c4d8164fb58', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_07c06', table='finance_decision', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='subgrant',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', True)), fields=['project', 'date'], name='subgrant_standing'),
        ),
        migrations.AddIndex(
            model_name='subgrant',
            index=models.Index(condition=models.Q(('withdrawn_by__isnull', False)), fields=['withdrawn_by'], name='subgrant_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='subgrant',
            index=models.Index(fields=['partner', 'date'], name='subgrant_by_partner'),
        ),
        migrations.AddIndex(
            model_name='subgrant',
            index=models.Index(fields=['organization', 'date'], name='subgrant_by_giver'),
        ),
        migrations.AddIndex(
            model_name='subgrant',
            index=models.Index(models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='subgrant_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subgrant',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='09994ead86a7fa06f1b780bef7a1603019041ed8', operation='DELETE', pgid='pgtrigger_no_delete_34460', table='finance_subgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subgrant',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='90095f9c48bcad26dd926a65b6873c43c2acf2ec', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f248f', table='finance_subgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subgrant',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_by_id' = to_jsonb(NEW) - 'withdrawn_by_id' THEN RETURN NEW; END IF; IF current_setting('finance.erasing', true) = 'yes' AND to_jsonb(OLD) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] = to_jsonb(NEW) - '{description,arrangement,payer_reference,reason,conditions,body,reference,salt}'::text[] THEN RETURN NEW; END IF; RAISE EXCEPTION 'records are never changed: table %, id %', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';", hash='3ca1515bcbfb11702dec71ba186b4300fba71984', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_99193', table='finance_subgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subgrant',
            trigger=pgtrigger.compiler.Trigger(name='base_as_stated', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM stated WHERE base_amount IS DISTINCT FROM amount AND currency = coalesce((SELECT base_currency FROM projects_office), 'USD')) THEN RAISE EXCEPTION 'an amount in the base currency is kept as stated: table %', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='b47bc3a087a9d9bae6246f8f547fb3efa7548b5c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_base_as_stated_ccd5c', referencing='REFERENCING NEW TABLE AS stated ', table='finance_subgrant', when='AFTER')),
        ),
    ]
