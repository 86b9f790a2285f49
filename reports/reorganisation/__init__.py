"""What follows when units merge or split (机构调整): records, reports, grants and coverage."""
