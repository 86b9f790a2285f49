"""What a person or a group may do at a unit and below it: guardian's direct-foreign-key tables."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class UnitUserObjectPermission(UserObjectPermissionBase):
    """One row = one permission of one account on one unit and its subtree."""

    # CASCADE: a grant dies with its unit, so no later unit can inherit it.
    content_object = models.ForeignKey("units.Unit", on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class UnitGroupObjectPermission(GroupObjectPermissionBase):
    """One row = one permission of one group (a team's, say) on one unit and its subtree."""

    # CASCADE: a grant dies with its unit, so no later unit can inherit it.
    content_object = models.ForeignKey("units.Unit", on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
