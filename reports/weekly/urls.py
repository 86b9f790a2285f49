"""Addresses of the weekly reports."""

from django.urls import path

from reports.weekly import list_views, views
from reports.weekly.board import views as board
from reports.weekly.meeting import views as meeting
from reports.weekly.urging import views as urging

app_name = "weekly"
urlpatterns = [
    path("", list_views.report_list, name="report-list"),
    path("<int:pk>/", views.report_detail, name="report-detail"),
    path("<int:pk>/sheet/", views.report_sheet, name="report-sheet"),
    path("<int:pk>/file/", views.report_file, name="report-file"),
    path("<int:pk>/zero/", views.report_zero, name="report-zero"),
    path("<int:pk>/typed/", views.report_typed, name="report-typed"),
    path("<int:pk>/drop/", views.report_drop, name="report-drop"),
    path("<int:pk>/sign/", views.report_sign, name="report-sign"),
    path("<int:pk>/ask/", views.report_ask, name="report-ask"),
    path("<int:pk>/urge/", urging.report_urge, name="report-urge"),
    path("board/", board.board_show, name="board"),
    path("board/export/", board.board_export, name="board-export"),
    path("board/<int:pk>/<int:number>/", board.board_cell, name="board-cell"),
    path("board/<int:pk>/<int:number>/story/", board.board_story, name="board-story"),
    path("urging/", urging.urging, name="urging"),
    path("meeting/", meeting.meeting, name="meeting"),
    path("meeting/decisions/", meeting.decision_add, name="decision-add"),
    path("meeting/decisions/<int:pk>/", meeting.decision_edit, name="decision-edit"),
    path("meeting/decisions/<int:pk>/remove/", meeting.decision_remove, name="decision-remove"),
]
