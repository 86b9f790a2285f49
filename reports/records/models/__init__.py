"""Activity records, the steps of their lives, reasons for a return, saved filters."""

from reports.records.models.record import DECIDED, STATUS_CHOICES, ActivityRecord
from reports.records.models.return_reason import ReturnReason
from reports.records.models.saved_filter import SavedFilter
from reports.records.models.transition import Transition

__all__ = ["DECIDED", "STATUS_CHOICES", "ActivityRecord", "ReturnReason", "SavedFilter", "Transition"]
