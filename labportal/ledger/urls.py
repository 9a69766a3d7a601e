"""Addresses under /labs/<lab>/azure-calls/."""

from django.urls import path

from labportal.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.calls, name="calls"),
    path("azure-calls.csv", views.as_csv, name="csv"),
]
