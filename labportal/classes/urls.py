"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import URLPattern

app_name = "classes"
urlpatterns: list[URLPattern] = []
