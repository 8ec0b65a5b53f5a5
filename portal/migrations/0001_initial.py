import datetime
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('projects', '0001_initial'),
        ('documents', '0001_initial'),
        ('finance', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.PositiveSmallIntegerField(unique=True, verbose_name='status')),
                ('count', models.PositiveBigIntegerField(default=0, verbose_name='answers')),
                ('seconds', models.FloatField(default=0, verbose_name='seconds in all')),
            ],
            options={
                'verbose_name': 'answers',
                'verbose_name_plural': 'answers',
                'ordering': ['status'],
            },
        ),
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='began')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('ok', models.BooleanField(default=False, verbose_name='whole')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='size in bytes')),
                ('files', models.PositiveBigIntegerField(default=0, verbose_name='files')),
                ('encrypted', models.BooleanField(default=False, verbose_name='encrypted')),
                ('name', models.CharField(blank=True, max_length=500, verbose_name='where')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
            ],
            options={
                'verbose_name': 'backup',
                'verbose_name_plural': 'backups',
                'ordering': ['-began_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FailingChore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='chore')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='fails since')),
                ('times', models.PositiveIntegerField(default=0, verbose_name='times in a row')),
                ('fault', models.CharField(max_length=300, verbose_name='why')),
            ],
            options={
                'verbose_name': 'chore that fails',
                'verbose_name_plural': 'chores that fail',
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Prepared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prepared')),
            ],
            options={
                'verbose_name': 'preparation',
                'verbose_name_plural': 'preparations',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ToldMatter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='told')),
            ],
            options={
                'verbose_name': 'matter that administrators were told of',
                'verbose_name_plural': 'matters that administrators were told of',
            },
        ),
        migrations.CreateModel(
            name='WorkerSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='worker')),
                ('seen_at', models.DateTimeField(db_index=True, verbose_name='seen')),
            ],
            options={
                'verbose_name': 'sign of life of a worker',
                'verbose_name_plural': 'signs of life of workers',
            },
        ),
        migrations.CreateModel(
            name='SlowPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('page', models.CharField(max_length=200, verbose_name='page')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='times')),
                ('slowest', models.FloatField(default=0, verbose_name='seconds at most')),
            ],
            options={
                'verbose_name': 'slow page',
                'verbose_name_plural': 'slow pages',
                'ordering': ['-day', '-slowest', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('day', 'page'), name='slow_page_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('under_way', models.BooleanField(default=True, null=True, unique=True, verbose_name='under way')),
                ('step', models.CharField(blank=True, max_length=100, verbose_name='step')),
                ('percent', models.PositiveSmallIntegerField(default=0, verbose_name='per cent of the step')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finance.verifyresult')),
            ],
            options={
                'verbose_name': 'verification asked for',
                'verbose_name_plural': 'verifications asked for',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Changes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.BigIntegerField(default=0, verbose_name='changes')),
            ],
            options={
                'verbose_name': 'changes of public data',
                'verbose_name_plural': 'changes of public data',
            },
        ),
        migrations.CreateModel(
            name='ReportDue',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('narrative', 'Annual narrative report'), ('financial', 'Year-end expenditure'), ('final-narrative', 'Final narrative report'), ('certified', 'Certified final financial statement')], max_length=16, verbose_name='report')),
                ('year', models.IntegerField(verbose_name='year reported on')),
                ('first_due_on', models.DateField(verbose_name='due by the rule')),
                ('due_on', models.DateField(verbose_name='due')),
                ('state', models.CharField(choices=[('received', 'Received'), ('due', 'Due'), ('extended', 'Extended'), ('late', 'Late'), ('missing', 'Missing'), ('exempt', 'Exempt')], max_length=8, verbose_name='state')),
                ('days_late', models.IntegerField(verbose_name='days late')),
                ('received_on', models.DateField(null=True, verbose_name='received')),
                ('extended_to', models.DateField(null=True, verbose_name='extended to')),
                ('reason', models.TextField(verbose_name='reason')),
            ],
            options={
                'verbose_name': 'report due',
                'verbose_name_plural': 'reports due',
                'db_table': 'portal_reports_due',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='CacheEntry',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'entry of the cache',
                'verbose_name_plural': 'entries of the cache',
                'db_table': 'portal_cache',
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=320, verbose_name='from')),
                ('recipients', models.JSONField(default=list, verbose_name='to')),
                ('subject', models.CharField(max_length=998, verbose_name='subject')),
                ('content', models.BinaryField(verbose_name='content')),
                ('queued_at', models.DateTimeField(auto_now_add=True, verbose_name='waits since')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='tried again')),
                ('fault', models.CharField(blank=True, max_length=300, verbose_name='why it was not sent')),
                ('given_up_at', models.DateTimeField(blank=True, null=True, verbose_name='given up')),
            ],
            options={
                'verbose_name': 'mail on its way',
                'verbose_name_plural': 'mail on its way',
                'ordering': ['queued_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.TextField(blank=True, verbose_name='filters, as in the address of the page')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('format', models.CharField(choices=[('xlsx', 'Excel'), ('csv', 'CSV')], max_length=4, verbose_name='format')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('making', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=7, verbose_name='state')),
                ('known', models.DateTimeField(verbose_name='as known on')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked for')),
                ('rows', models.PositiveBigIntegerField(default=0, verbose_name='rows')),
                ('done', models.PositiveBigIntegerField(default=0, verbose_name='rows written')),
                ('base_amount', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='US$')),
                ('file', models.FileField(blank=True, upload_to='exports/%Y/%m/', verbose_name='file')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file name')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='size in bytes')),
                ('expires_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='is deleted')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('figure', 'A question about a figure'), ('document', 'A document'), ('site', 'This site'), ('other', 'Something else')], default='site', max_length=8, verbose_name='topic')),
                ('page', models.CharField(blank=True, max_length=300, verbose_name='page')),
                ('figure', models.CharField(blank=True, max_length=300, verbose_name='figure')),
                ('message', models.TextField(max_length=5000, verbose_name='your message')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='your e-mail address')),
                ('sender', models.CharField(help_text='Keyed digest of the network address, to limit the rate.', max_length=32)),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
            ],
            options={
                'verbose_name': 'feedback',
                'verbose_name_plural': 'feedback',
                'ordering': ['-received_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='sent')),
                ('expires_at', models.DateTimeField(verbose_name='works until')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-sent_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReminderBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('begun_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('mails', models.PositiveIntegerField(default=0, verbose_name='mails')),
                ('reports', models.PositiveIntegerField(default=0, verbose_name='reports named')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='mails that failed')),
            ],
            options={
                'verbose_name': 'batch of reminders',
                'verbose_name_plural': 'batches of reminders',
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='ReminderSent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.CharField(max_length=80, verbose_name='report')),
                ('due_on', models.DateField(verbose_name='due')),
                ('occasion', models.CharField(choices=[('soon', 'due soon'), ('late', 'late')], max_length=4, verbose_name='occasion')),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'reminder sent',
                'verbose_name_plural': 'reminders sent',
                'ordering': ['-sent_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReminderStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='stopped')),
            ],
            options={
                'verbose_name': 'reminders stopped',
                'verbose_name_plural': 'reminders stopped',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EditionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('file', models.FileField(upload_to='editions/%Y/', verbose_name='file')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken away')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='finance.edition')),
            ],
            options={
                'verbose_name': 'file of an edition',
                'verbose_name_plural': 'files of editions',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='export',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='feedback',
            index=models.Index(fields=['sender', 'received_at'], name='feedback_rate'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remindersent',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminderstop',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminderstop',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_stop', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='editionfile',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('edition',), name='edition_file_standing'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionfile',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2964968fa6cabd9f3ce76d7ff803745b1f61ce37', operation='DELETE', pgid='pgtrigger_no_delete_8d366', table='portal_editionfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionfile',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='90e7690c78b43baaf8eab4026f37f74b9af83d15', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_1dca4', table='portal_editionfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionfile',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='61a30a216189692d4ac2ed7f41be1cf16973610a', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_b5c87', table='portal_editionfile', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='remindersent',
            constraint=models.UniqueConstraint(fields=('user', 'report', 'due_on', 'occasion'), name='reminded_once'),
        ),
        migrations.CreateModel(
            name='DataPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('as_of', models.DateTimeField(verbose_name='as known on')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('seal_number', models.PositiveBigIntegerField(default=0, verbose_name='newest seal')),
                ('file', models.FileField(upload_to='packages/%Y/', verbose_name='file')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('manifest', models.JSONField(verbose_name='description')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken away')),
            ],
            options={
                'verbose_name': 'package of all data',
                'verbose_name_plural': 'packages of all data',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('name',), name='package_named_once'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='package_sha256_is_hex')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datapackage',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='250d3880550a6d6d67a523e41f419b2dc16d6065', operation='DELETE', pgid='pgtrigger_no_delete_6520e', table='portal_datapackage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datapackage',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='af4ffbe66a9c1a51bd50722a1bfc9ed8fc477edd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_45603', table='portal_datapackage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datapackage',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1586eec14b2a1ad71362b91e92f8caa5c040ba2f', operation='UPDATE', pgid='pgtrigger_only_withdrawn_once_6e73b', table='portal_datapackage', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveBigIntegerField(verbose_name='seals')),
                ('note', models.TextField(verbose_name='signed text')),
                ('key', models.CharField(max_length=300, verbose_name='key')),
                ('signed_at', models.DateTimeField(auto_now_add=True, verbose_name='signed')),
            ],
            options={
                'verbose_name': 'signed checkpoint',
                'verbose_name_plural': 'signed checkpoints',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('size', 'key'), name='checkpoint_signed_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5fbe8df527cce69c52c5331daf30b6e3a8370f6f', operation='DELETE', pgid='pgtrigger_no_delete_bb389', table='portal_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'records are never deleted: table %', TG_TABLE_NAME;", hash='0ed479c386bbdfc5524e381b6bf566e064887147', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_cdc37', table='portal_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='69848ebb4ae715058ccbd0522d572d3da243b01c', operation='UPDATE', pgid='pgtrigger_no_update_2e481', table='portal_checkpoint', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('kind', models.CharField(choices=[('project', 'Project'), ('fund', 'Fund'), ('organization', 'Organization'), ('contributor', 'Contributor'), ('search', 'Search')], max_length=12, verbose_name='kind')),
                ('key', models.CharField(help_text='A number, a code, or words of a search.', max_length=200, verbose_name='what is followed')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('told_until', models.DateTimeField(default=django.utils.timezone.now, verbose_name='told up to')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='last told on')),
            ],
            options={
                'verbose_name': 'follow',
                'verbose_name_plural': 'follows',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('kind'), models.F('key'), name='follow_once_per_address')],
            },
        ),
        migrations.CreateModel(
            name='PublicAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(db_index=True, help_text='Such as /project/00102004/.', max_length=300, verbose_name='page')),
                ('figure', models.CharField(blank=True, max_length=300, verbose_name='figure')),
                ('question', models.TextField(help_text='Write it anew where it names a person: visitors read it.', max_length=2000, verbose_name='question')),
                ('answer', models.TextField(blank=True, max_length=5000, verbose_name='answer')),
                ('published_on', models.DateField(blank=True, help_text='Empty: nobody but staff sees it.', null=True, verbose_name='published on')),
                ('feedback', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='portal.feedback')),
                ('load', models.ForeignKey(blank=True, help_text='If a source file was corrected because of the question.', null=True, on_delete=django.db.models.deletion.PROTECT, to='finance.load', verbose_name='file that corrected it')),
            ],
            options={
                'verbose_name': 'public answer',
                'verbose_name_plural': 'public answers',
                'ordering': ['-published_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_on__isnull', True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='public_answer_is_answered', violation_error_message='Nothing is published without an answer.'), models.CheckConstraint(condition=models.Q(('page__startswith', '/')), name='public_answer_has_page', violation_error_message='The page begins with a slash.')],
            },
        ),
        migrations.CreateModel(
            name='ReportsAnew',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'change that reports rest on',
                'verbose_name_plural': 'changes that reports rest on',
            },
        ),
        migrations.CreateModel(
            name='ReportsOf',
            fields=[
                ('project', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='projects.project', verbose_name='project')),
                ('day', models.DateField(db_index=True, default=datetime.date(1, 1, 1), verbose_name='worked out for')),
            ],
            options={
                'verbose_name': 'reports of a project',
                'verbose_name_plural': 'reports of projects',
            },
        ),
        migrations.CreateModel(
            name='ReportKept',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('narrative', 'Annual narrative report'), ('financial', 'Year-end expenditure'), ('final-narrative', 'Final narrative report'), ('certified', 'Certified final financial statement')], max_length=16, verbose_name='report')),
                ('year', models.IntegerField(verbose_name='year reported on')),
                ('first_due_on', models.DateField(verbose_name='due by the rule')),
                ('due_on', models.DateField(verbose_name='due')),
                ('state', models.CharField(choices=[('received', 'Received'), ('due', 'Due'), ('extended', 'Extended'), ('late', 'Late'), ('missing', 'Missing'), ('exempt', 'Exempt')], max_length=8, verbose_name='state')),
                ('days_late', models.IntegerField(verbose_name='days late')),
                ('received_on', models.DateField(null=True, verbose_name='received')),
                ('extended_to', models.DateField(null=True, verbose_name='extended to')),
                ('reason', models.TextField(verbose_name='reason')),
                ('document', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='documents.document')),
                ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.fund', verbose_name='fund')),
                ('load', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.load')),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.organization', verbose_name='organization')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project', verbose_name='project')),
                ('stated_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='finance.load')),
            ],
            options={
                'verbose_name': 'report as worked out last',
                'verbose_name_plural': 'reports as worked out last',
                'indexes': [models.Index(fields=['due_on', 'id'], name='reports_kept_by_day'), models.Index(fields=['state'], name='reports_kept_by_state')],
            },
        ),
        migrations.AddField(
            model_name='feedback',
            name='answer',
            field=models.TextField(blank=True, max_length=5000, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='handled_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='answered or closed on'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='handled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feedback',
            name='state',
            field=models.CharField(choices=[('new', 'New'), ('assigned', 'Assigned'), ('answered', 'Answered'), ('closed', 'Closed')], default='new', max_length=8, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='InboxMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'daily mail',
                'verbose_name_plural': 'daily mails',
                'ordering': ['-day', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='one_inbox_mail_a_day')],
            },
        ),
        migrations.CreateModel(
            name='InboxStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbox_stops', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kind not mailed',
                'verbose_name_plural': 'kinds not mailed',
                'ordering': ['kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='inbox_kind_stopped_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosureStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('operational', 'Operational closure'), ('financial', 'Financial closure')], max_length=11, verbose_name='step')),
                ('on', models.DateField(verbose_name='day')),
                ('entered_at', models.DateTimeField(auto_now_add=True, verbose_name='entered')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='took effect')),
                ('ended_at', models.DateTimeField(help_text='Not confirmed, or opened again.', null=True, verbose_name='taken back')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='documents.document')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closure_steps', to='projects.participation')),
            ],
            options={
                'verbose_name': 'step of closure',
                'verbose_name_plural': 'steps of closure',
                'ordering': ['-entered_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('ended_at', None)), fields=('part',), name='one_closure_step_waits', violation_error_message='A step of this organization waits already.')],
            },
        ),
        migrations.CreateModel(
            name='IatiFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=140, verbose_name='name')),
                ('kind', models.CharField(choices=[('1-all', 'Activities of all funds'), ('2-organisation', 'The organisation itself'), ('3-fund', 'Activities of one fund')], max_length=14, verbose_name='kind')),
                ('is_own', models.BooleanField(default=True, verbose_name='published by the office itself')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('basis', models.CharField(max_length=64, verbose_name='what it was made from')),
                ('activities', models.PositiveIntegerField(default=0, verbose_name='activities')),
                ('file', models.FileField(upload_to='iati/%Y/', verbose_name='file')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken away')),
                ('fund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='iati_files', to='projects.fund')),
            ],
            options={
                'verbose_name': 'IATI file',
                'verbose_name_plural': 'IATI files',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('name',), name='iati_file_stands_once'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='iati_file_sha256_is_hex')],
            },
        ),
        migrations.CreateModel(
            name='IatiLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('under_way', models.BooleanField(default=True, null=True, unique=True, verbose_name='under way')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('activities', models.PositiveIntegerField(default=0, verbose_name='activities')),
                ('errors', models.PositiveIntegerField(default=0, verbose_name='errors')),
                ('warnings', models.PositiveIntegerField(default=0, verbose_name='warnings')),
                ('found', models.JSONField(default=dict, verbose_name='what was found')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'look at our IATI',
                'verbose_name_plural': 'looks at our IATI',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='IatiComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.URLField(blank=True, max_length=2000, verbose_name='address of its file')),
                ('file', models.FileField(blank=True, upload_to='comparisons/%Y/', verbose_name='file')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('state', models.CharField(choices=[('waiting', 'waits for a worker'), ('done', 'done'), ('failed', 'the file could not be read')], default='waiting', max_length=7, verbose_name='state')),
                ('trouble', models.TextField(blank=True, verbose_name='why it failed')),
                ('compared_at', models.DateTimeField(blank=True, null=True, verbose_name='compared')),
                ('activities', models.PositiveIntegerField(default=0, verbose_name='activities')),
                ('found', models.JSONField(default=dict, verbose_name='what was found')),
                ('is_public', models.BooleanField(default=False, verbose_name='public')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='iati_comparisons', to='projects.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'comparison with an organization’s own IATI',
                'verbose_name_plural': 'comparisons with organizations’ own IATI',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_public', False), ('state', 'done'), _connector='OR'), name='iati_comparison_public_when_done')],
            },
        ),
    ]
