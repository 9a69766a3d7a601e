"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import path

from labportal.board import views

app_name = "board"
urlpatterns = [
    path("", views.board, name="board"),
    path("wall/", views.wall, name="wall"),
    path("causes/", views.causes, name="causes"),
]
