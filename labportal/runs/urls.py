"""Addresses under /attempts/. The ones that begin an attempt stand with their task, in labportal.labs.urls."""

from django.urls import path

from labportal.runs import views

app_name = "runs"
urlpatterns = [
    path("<row:attempt_id>/", views.attempt, name="attempt"),
    path("<row:attempt_id>/cancel/", views.cancel, name="cancel"),
    path("<row:attempt_id>/check-now/", views.check_now, name="check_now"),
]
