"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import path

from labportal.classes import views

app_name = "classes"
urlpatterns = [
    path("classes/", views.class_list, name="list"),
]
