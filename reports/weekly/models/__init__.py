"""Owed reports, the steps of their lives, and what is offered and kept while they are written."""

from reports.weekly.models.draft import ReportDraft
from reports.weekly.models.ready_reason import Purpose, ReadyReason
from reports.weekly.models.report import WeeklyReport
from reports.weekly.models.step import ReportStep, Step
from reports.weekly.standings import Standing

__all__ = ["Purpose", "ReadyReason", "ReportDraft", "ReportStep", "Standing", "Step", "WeeklyReport"]
