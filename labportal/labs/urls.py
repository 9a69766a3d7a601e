"""Addresses under /labs/."""

from django.urls import path

from labportal.labs import views
from labportal.runs import views as runs

app_name = "labs"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:lab_id>/", views.lab, name="lab"),
    path("<slug:lab_id>/begin/", views.begin, name="begin"),
    path("<slug:lab_id>/progress/", views.progress, name="progress"),
    path("<slug:lab_id>/ready/", views.ready, name="ready"),
    path("<slug:lab_id>/live/", views.live, name="live"),
    path("<slug:lab_id>/names/", views.names, name="names"),
    path("<slug:lab_id>/start-anew/", views.start_anew, name="start_anew"),
    path("<slug:lab_id>/check/", runs.check_all, name="check_all"),
    path("<slug:lab_id>/history/", views.history, name="history"),
    path("<slug:lab_id>/tasks/<slug:task_id>/", views.task, name="task"),
    path("<slug:lab_id>/tasks/<slug:task_id>/panel/", views.panel, name="panel"),
    path("<slug:lab_id>/tasks/<slug:task_id>/check/", runs.check, name="check"),
    path("<slug:lab_id>/tasks/<slug:task_id>/carry-out/", runs.carry_out, name="carry_out"),
]
