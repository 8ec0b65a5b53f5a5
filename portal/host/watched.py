"""What no public page reads, so that changes of it need no page drawn anew."""

from typing import Any

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder

# All tables of these apps, and these models.
_APPS = (
    "account", "admin", "auth", "contenttypes", "django_tasks_database", "mfa", "sessions",
    "usersessions",
)  # fmt: skip
_MODELS = (
    "documents.Download",
    "documents.Upload",
    "documents.UploadPart",
    "finance.LoadRemark",
    "finance.StagedLine",
    "pghistory.Context",
    "portal.Answered",
    "portal.AskedErasure",
    "portal.Backup",
    "portal.CacheEntry",
    "portal.Changes",
    "portal.Export",
    "portal.FailingChore",
    "portal.Feedback",
    "portal.Follow",
    "portal.InboxMail",
    "portal.InboxStop",
    "portal.Invitation",
    "portal.OutgoingMail",
    "portal.Prepared",
    "portal.ProjectTally",
    "portal.ReminderBatch",
    "portal.ReminderSent",
    "portal.ReminderStop",
    "portal.ReportKept",
    "portal.ReportTally",
    "portal.ReportsAnew",
    "portal.ReportsOf",
    "portal.SlowPage",
    "portal.ToldMatter",
    "portal.Verification",
    "portal.WorkerSign",
    "projects.OfficeEvent",
    "projects.User_groups",
    "projects.User_user_permissions",
)
# Of tables that are read: what changes at each sign-in, and while a file is being checked.
_COLUMNS = {
    "projects.User": ("last_login", "password"),
    "finance.Load": ("progress", "checked_at"),
}

# What the package of all data and our IATI are made of: all tables of these apps that are read, but
# those that change while files are taken in, and who signs in.
_GIVEN_APPS = ("documents", "finance", "projects")
_NOT_GIVEN = (
    "documents.DocumentPage",
    "documents.GatewayAccess",
    "documents.Reading",
    "finance.FundStatement",
    "finance.Load",
    "finance.OrganizationStatement",
    "finance.PartStatement",
    "finance.ProjectStatement",
    "finance.SourceMapping",
    "projects.User",
)


def unwatched() -> dict[str, Any]:
    """The tables, and of other tables the columns, without a trigger of changes; and those whose
    changes are counted by themselves, as given away."""
    models = [apps.get_model(label) for label in _MODELS]
    given = {m for label in _GIVEN_APPS for m in apps.get_app_config(label).get_models(True)}
    given -= {*models, *(apps.get_model(label) for label in _NOT_GIVEN)}
    for label in _APPS:
        models += apps.get_app_config(label).get_models(include_auto_created=True)
    return {
        "tables": [MigrationRecorder.Migration._meta.db_table, *(m._meta.db_table for m in models)],
        "given": sorted(model._meta.db_table for model in given),
        "columns": {
            apps.get_model(label)._meta.db_table: list(names) for label, names in _COLUMNS.items()
        },
    }
