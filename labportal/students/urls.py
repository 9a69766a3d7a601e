"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import URLPattern

app_name = "students"
urlpatterns: list[URLPattern] = []
