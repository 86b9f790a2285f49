"""Activity records, their steps, files and joint events, reasons, saved filters, unsent forms."""

from reports.records.models.attachment import Attachment, StoredFile
from reports.records.models.joint_event import CoHost, JointEvent
from reports.records.models.record import DECIDED, STATUS_CHOICES, ActivityRecord
from reports.records.models.return_reason import ReturnReason
from reports.records.models.saved_filter import SavedFilter
from reports.records.models.transition import Transition
from reports.records.models.working_copy import WorkingCopy

__all__ = [
    "DECIDED",
    "STATUS_CHOICES",
    "ActivityRecord",
    "Attachment",
    "CoHost",
    "JointEvent",
    "ReturnReason",
    "SavedFilter",
    "StoredFile",
    "Transition",
    "WorkingCopy",
]
