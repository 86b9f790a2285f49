"""Campaigns, their periods and what they ask for."""

from reports.campaigns.models.activity_type import RECORDS, ActivityType, Indicator
from reports.campaigns.models.calendar import CalendarYear, SpecialDay
from reports.campaigns.models.campaign import CADENCES, Campaign, Filing, Weekday, check_zone
from reports.campaigns.models.form_version import FormVersion
from reports.campaigns.models.period import Period
from reports.campaigns.models.planned_period import PlannedPeriod

__all__ = [
    "CADENCES",
    "RECORDS",
    "ActivityType",
    "CalendarYear",
    "Campaign",
    "Filing",
    "FormVersion",
    "Indicator",
    "Period",
    "PlannedPeriod",
    "SpecialDay",
    "Weekday",
    "check_zone",
]
