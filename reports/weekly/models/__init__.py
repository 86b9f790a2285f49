"""Owed reports and the steps of their lives."""

from reports.weekly.models.report import WeeklyReport
from reports.weekly.models.step import ReportStep, Step
from reports.weekly.standings import Standing

__all__ = ["ReportStep", "Standing", "Step", "WeeklyReport"]
