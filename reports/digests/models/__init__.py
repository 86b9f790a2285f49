"""Who reads a campaign's week without an account: people outside, and groups through their robots."""

from reports.digests.models.outside import OutsideRecipient
from reports.digests.models.robot import Robot, RobotMessage

__all__ = ["OutsideRecipient", "Robot", "RobotMessage"]
