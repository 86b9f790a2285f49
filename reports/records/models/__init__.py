"""Activity records, their steps, photos and files, reasons for a return, saved filters, unsent forms."""

from reports.records.models.attachment import Attachment, StoredFile
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
    "ReturnReason",
    "SavedFilter",
    "StoredFile",
    "Transition",
    "WorkingCopy",
]
