"""What the portal itself keeps, beside projects, money and documents."""

from portal.models.answers import PublicAnswer
from portal.models.cache import CacheEntry
from portal.models.checkpoints import Checkpoint, TimeStamp
from portal.models.closures import ClosureStep
from portal.models.editions import EditionFile
from portal.models.erasures import AskedErasure
from portal.models.exports import Export
from portal.models.feedback import Feedback
from portal.models.follows import Follow
from portal.models.iati_comparisons import IatiComparison
from portal.models.iati_files import IatiFile, IatiLook
from portal.models.inbox import InboxMail, InboxStop, InboxTold
from portal.models.invitations import Invitation
from portal.models.mail import OutgoingMail
from portal.models.packages import DataPackage
from portal.models.project_tallies import ProjectFacet, ProjectTally
from portal.models.reference_changes import ReferenceChange
from portal.models.reports_due import (
    OPEN,
    OVERDUE,
    ReminderBatch,
    ReminderSent,
    ReminderStop,
    ReportDue,
    ReportKept,
    ReportsAnew,
    ReportsOf,
    ReportState,
    ReportTally,
)
from portal.models.running import (
    Answered,
    Backup,
    FailingChore,
    Prepared,
    SlowPage,
    ToldMatter,
    Verification,
    WorkerSign,
)
from portal.models.versions import Changes

__all__ = [
    "OPEN",
    "OVERDUE",
    "Answered",
    "AskedErasure",
    "Backup",
    "CacheEntry",
    "Changes",
    "Checkpoint",
    "ClosureStep",
    "DataPackage",
    "EditionFile",
    "Export",
    "FailingChore",
    "Feedback",
    "Follow",
    "IatiComparison",
    "IatiFile",
    "IatiLook",
    "InboxMail",
    "InboxStop",
    "InboxTold",
    "Invitation",
    "OutgoingMail",
    "Prepared",
    "ProjectFacet",
    "ProjectTally",
    "PublicAnswer",
    "ReferenceChange",
    "ReminderBatch",
    "ReminderSent",
    "ReminderStop",
    "ReportDue",
    "ReportKept",
    "ReportState",
    "ReportTally",
    "ReportsAnew",
    "ReportsOf",
    "SlowPage",
    "TimeStamp",
    "ToldMatter",
    "Verification",
    "WorkerSign",
]
