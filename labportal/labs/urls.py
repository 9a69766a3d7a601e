"""Addresses under /labs/."""

from django.urls import path

from labportal.labs import clicks, views
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
    path("<slug:lab_id>/sign-in-again/", clicks.sign_in_again, name="sign_in_again"),
    path("<slug:lab_id>/ideas/", views.ideas, name="ideas"),
    path("<slug:lab_id>/clean-up/", views.clean_up, name="clean_up"),
    path("<slug:lab_id>/challenge/", views.challenge, name="challenge"),
    path("<slug:lab_id>/check/", runs.check_all, name="check_all"),
    path("<slug:lab_id>/history/", views.history, name="history"),
    path("<slug:lab_id>/tasks/<slug:task_id>/", views.task, name="task"),
    path("<slug:lab_id>/tasks/<slug:task_id>/panel/", views.panel, name="panel"),
    path("<slug:lab_id>/tasks/<slug:task_id>/check/", runs.check, name="check"),
    path("<slug:lab_id>/tasks/<slug:task_id>/carry-out/", runs.carry_out, name="carry_out"),
    path("<slug:lab_id>/tasks/<slug:task_id>/repair/", runs.repair, name="repair"),
    path("<slug:lab_id>/tasks/<slug:task_id>/undo/", runs.undo, name="undo"),
    path("<slug:lab_id>/tasks/<slug:task_id>/hint/", clicks.hint, name="hint"),
    path("<slug:lab_id>/tasks/<slug:task_id>/choose/", clicks.choose, name="choose"),
]
