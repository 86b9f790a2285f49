"""Campaigns, their periods and what they ask for."""

from reports.campaigns.models.activity_type import RECORDS, ActivityType, Indicator
from reports.campaigns.models.campaign import Cadence, Campaign, Filing, Weekday, check_zone
from reports.campaigns.models.form_version import FormVersion
from reports.campaigns.models.period import Period

__all__ = [
    "RECORDS",
    "ActivityType",
    "Cadence",
    "Campaign",
    "Filing",
    "FormVersion",
    "Indicator",
    "Period",
    "Weekday",
    "check_zone",
]
