"""Addresses under /classes/<class_id>/rounds/."""

from django.urls import path

from labportal.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("begin/", views.begin, name="begin"),
    path("plan/", views.plan, name="plan"),
    path("<row:round_id>/", views.one_round, name="round"),
    path("<row:round_id>/call-off/", views.call_off, name="call_off"),
]
