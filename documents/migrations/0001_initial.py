import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
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
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=500, verbose_name='title')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None, verbose_name='languages')),
                ('iati_categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None, verbose_name='IATI categories, as stated')),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='document date')),
                ('year_reported', models.PositiveSmallIntegerField(blank=True, help_text='For annual reports: the year that it tells of, not that of writing.', null=True, validators=[django.core.validators.MinValueValidator(1945), django.core.validators.MaxValueValidator(2200)], verbose_name='year reported on')),
                ('period', models.CharField(blank=True, choices=[('year', 'Whole year'), ('h1', 'First half of the year'), ('h2', 'Second half of the year'), ('q1', 'First quarter'), ('q2', 'Second quarter'), ('q3', 'Third quarter'), ('q4', 'Fourth quarter'), ('final', 'Whole duration, final')], help_text='For reports; left empty, an annual report is of the whole year.', max_length=5, verbose_name='period')),
                ('received_on', models.DateField(blank=True, help_text='The day it arrived, if earlier than the upload: by mail, for instance.', null=True, verbose_name='received on')),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='address elsewhere')),
                ('media_type', models.CharField(blank=True, max_length=200, verbose_name='format')),
                ('state', models.CharField(choices=[('public', 'Public'), ('held', 'Held back'), ('withdrawn', 'Withdrawn')], default='public', max_length=9, verbose_name='state')),
                ('stated_by_source', models.CharField(blank=True, help_text='A later load of this source replaces what it stated.', max_length=60, verbose_name='stated by source')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': [models.OrderBy(models.F('document_date'), descending=True, nulls_last=True), '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DocumentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('uploaded', 'Uploaded'), ('replaced', 'Replaced by a new version'), ('published', 'Published'), ('held', 'Held back'), ('corrected', 'Title, type, language or date corrected'), ('withdrawn', 'Withdrawn'), ('restored', 'Restored')], max_length=10, verbose_name='what')),
                ('version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when')),
            ],
            options={
                'verbose_name': 'event of a document',
                'verbose_name_plural': 'events of documents',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DocumentPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='page')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('text', models.TextField(verbose_name='text')),
                ('search', models.GeneratedField(db_persist=True, expression=models.Func('text', 'language', function='document_search'), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'verbose_name': 'page',
                'verbose_name_plural': 'pages',
                'ordering': ['version', 'number'],
            },
        ),
        migrations.CreateModel(
            name='DocumentType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('iati_category', models.CharField(max_length=3, verbose_name='IATI category')),
                ('is_read_from_iati', models.BooleanField(default=False, help_text='A link of an IATI file that has this category becomes such a document.', verbose_name='read from IATI')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('report_kind', models.CharField(blank=True, choices=[('narrative', 'Annual narrative report'), ('financial', 'Year-end expenditure'), ('final-narrative', 'Final narrative report'), ('certified', 'Certified final financial statement')], help_text='Such a document of a participating organization counts as that report due.', max_length=16, verbose_name='is the report')),
            ],
            options={
                'verbose_name': 'document type',
                'verbose_name_plural': 'document types',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('file', models.FileField(upload_to='documents/%Y/%m/', verbose_name='file')),
                ('file_name', models.CharField(max_length=255, verbose_name='file name')),
                ('media_type', models.CharField(max_length=100, verbose_name='format')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the upload was begun: the day on which a report was received.', verbose_name='uploaded')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['-number', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('on', models.DateField(default=django.utils.timezone.localdate, verbose_name='day')),
            ],
            options={
                'verbose_name': 'download',
                'verbose_name_plural': 'downloads',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FundRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('review', models.BooleanField(default=False, help_text='What gateway users upload is public only after staff have looked at it.', verbose_name='review before publication')),
            ],
            options={
                'verbose_name': 'rule for documents',
                'verbose_name_plural': 'rules for documents',
            },
        ),
        migrations.CreateModel(
            name='GatewayAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='to')),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='granted')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'gateway access',
                'verbose_name_plural': 'gateway access',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Not read yet'), ('read', 'Read'), ('no-text', 'Scanned: no text can be found in it'), ('none', 'A kind of file without text'), ('encrypted', 'Encrypted: its text cannot be read'), ('failed', 'Its text could not be read')], default='waiting', max_length=9, verbose_name='state')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='pages')),
                ('preview', models.CharField(blank=True, max_length=255)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('receiving', 'Being received'), ('checking', 'Being checked'), ('draft', 'To be completed'), ('waiting', 'Waiting for the virus scan'), ('review', 'Waiting for review by the fund office'), ('done', 'Done'), ('refused', 'Refused')], default='receiving', max_length=9, verbose_name='state')),
                ('file_name', models.CharField(max_length=255, verbose_name='file name')),
                ('declared_size', models.PositiveBigIntegerField(verbose_name='size in bytes, as announced')),
                ('stored_name', models.CharField(blank=True, max_length=255)),
                ('media_type', models.CharField(blank=True, max_length=100, verbose_name='format')),
                ('size', models.PositiveBigIntegerField(null=True, verbose_name='size in bytes')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('rewritten', models.BooleanField(default=False, verbose_name='metadata removed')),
                ('refusal', models.CharField(blank=True, max_length=40)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('note', models.TextField(blank=True, verbose_name='note of the reviewer')),
                ('warnings', models.JSONField(blank=True, default=dict)),
                ('scanned_at', models.DateTimeField(null=True, verbose_name='scanned')),
                ('scan_skipped', models.BooleanField(default=False, verbose_name='not scanned, for there was no scanner')),
                ('title', models.CharField(blank=True, max_length=500, verbose_name='title')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='document date')),
                ('year_reported', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year reported on')),
                ('period', models.CharField(blank=True, choices=[('year', 'Whole year'), ('h1', 'First half of the year'), ('h2', 'Second half of the year'), ('q1', 'First quarter'), ('q2', 'Second quarter'), ('q3', 'Third quarter'), ('q4', 'Fourth quarter'), ('final', 'Whole duration, final')], max_length=5, verbose_name='period')),
                ('publish', models.BooleanField(default=True, verbose_name='publish')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='begun')),
                ('touched_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['-begun_at', '-pk'],
                'permissions': [('upload_zip', 'Can upload ZIP archives'), ('review_upload', 'Can review documents before they are public')],
            },
        ),
        migrations.CreateModel(
            name='UploadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
            ],
            options={
                'verbose_name': 'part of an upload',
                'verbose_name_plural': 'parts of uploads',
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='extension',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='documents', to='projects.extension'),
        ),
        migrations.AddField(
            model_name='document',
            name='fund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='document',
            name='organization',
            field=models.ForeignKey(blank=True, help_text='For reports; left empty, it reports for all participating organizations.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='projects.organization', verbose_name='reporting organization'),
        ),
        migrations.AddField(
            model_name='document',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='projects.project'),
        ),
        migrations.AddField(
            model_name='documentevent',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='documentevent',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='documents.document'),
        ),
        migrations.AddField(
            model_name='documentpage',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='documents.document'),
        ),
        migrations.AddField(
            model_name='document',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='documents.documenttype', verbose_name='type'),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='documents.document'),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='documentpage',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_texts', to='documents.documentversion'),
        ),
        migrations.AddField(
            model_name='download',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='downloads', to='documents.document'),
        ),
        migrations.AddField(
            model_name='fundrule',
            name='fund',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='document_rule', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='fund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gateway_access', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='granted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by'),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='organization',
            field=models.ForeignKey(blank=True, help_text='All projects in which this organization takes part.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gateway_access', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gateway_access', to='projects.project'),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gateway_access', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='gatewayaccess',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddField(
            model_name='reading',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='documents.documentversion'),
        ),
        migrations.AddField(
            model_name='upload',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='document',
            field=models.ForeignKey(blank=True, help_text='The document of which this is a new version.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='upload',
            name='fund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.fund'),
        ),
        migrations.AddField(
            model_name='upload',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.organization'),
        ),
        migrations.AddField(
            model_name='upload',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='upload',
            name='type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.documenttype'),
        ),
        migrations.AddField(
            model_name='upload',
            name='version',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='documents.documentversion'),
        ),
        migrations.AddField(
            model_name='uploadpart',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='documents.upload'),
        ),
        migrations.AddIndex(
            model_name='documentevent',
            index=models.Index(fields=['by', '-at'], name='event_of_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documentevent',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='101615e3354f380e7063967f310476cad9f43c61', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_3f077', table='documents_documentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(models.OrderBy(models.F('document_date'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='document_order'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('project__isnull', False), ('fund__isnull', False), _connector='XOR'), name='document_of_project_or_fund', violation_error_message='A document belongs to a project or to a fund.'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='version_once_per_document'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='version_sha256_is_hex'),
        ),
        migrations.AddIndex(
            model_name='documentpage',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='document_page_search'),
        ),
        migrations.AddConstraint(
            model_name='documentpage',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='page_once_per_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='94ef7ecbb14a2645ac400acbb5fac95b45ff9d6a', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_61fc0', table='documents_download', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='gatewayaccess',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fund__isnull', True), ('organization__isnull', True), ('project__isnull', False)), models.Q(('fund__isnull', False), ('organization__isnull', True), ('project__isnull', True)), models.Q(('fund__isnull', True), ('organization__isnull', False), ('project__isnull', True)), _connector='OR'), name='access_to_one_thing', violation_error_message='Name one project, one fund or one organization.'),
        ),
        migrations.AddConstraint(
            model_name='gatewayaccess',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='access_ends_after_start', violation_error_message='Access cannot end before it starts.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gatewayaccess',
            trigger=pgtrigger.compiler.Trigger(name='withdrawn_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1c982094221b4c751cc03073285981bc8f1984b5', operation='UPDATE', pgid='pgtrigger_withdrawn_for_good_363de', table='documents_gatewayaccess', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('project__isnull', False), ('fund__isnull', False), _connector='XOR'), name='upload_of_project_or_fund'),
        ),
        migrations.AddConstraint(
            model_name='uploadpart',
            constraint=models.UniqueConstraint(fields=('upload', 'number'), name='part_once_per_upload'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=django.contrib.postgres.indexes.GinIndex(models.Func('title', output_field=django.contrib.postgres.search.SearchVectorField(), template='setweight(to_tsvector(\'simple\'::regconfig, regexp_replace(translate(lower(regexp_replace(normalize(translate(%(expressions)s, \'‐‑‒–—―−﹘﹣－‘’‚‛′`´ʹʼ＇“”„‟″«»＂\', \'----------\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'\'""""""""\'), NFKD), \'[\\u0300-\\u036f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]\', \'\', \'g\')), \'øłđŧħıς\', \'oldthiσ\'), \'[^[:alnum:]]+\', \' \', \'g\')), \'A\')'), name='document_title_search'),
        ),
        migrations.AddField(
            model_name='documenttype',
            name='is_of_decisions',
            field=models.BooleanField(default=False, help_text='Such a document of the day of a fund’s decision is shown with it.', verbose_name='tells of decisions'),
        ),
    ]
