"""Owed reports, the steps of their lives, what is kept of them, what was urged, and what meetings decided."""

from reports.weekly.models.decision import MeetingDecision
from reports.weekly.models.draft import ReportDraft
from reports.weekly.models.ready_reason import Purpose, ReadyReason
from reports.weekly.models.report import WeeklyReport
from reports.weekly.models.step import ReportStep, Step
from reports.weekly.models.urging import Urging
from reports.weekly.standings import Standing

__all__ = [
    "MeetingDecision",
    "Purpose",
    "ReadyReason",
    "ReportDraft",
    "ReportStep",
    "Standing",
    "Step",
    "Urging",
    "WeeklyReport",
]
