"""Activity records and the steps of their lives."""

from reports.records.models.record import DECIDED, STATUS_CHOICES, ActivityRecord
from reports.records.models.saved_filter import SavedFilter
from reports.records.models.transition import Transition

__all__ = ["DECIDED", "STATUS_CHOICES", "ActivityRecord", "SavedFilter", "Transition"]
