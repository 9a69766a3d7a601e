"""Every address of the portal but /events/, which labportal.asgi serves beside Django."""

from django.contrib import admin
from django.urls import include, path

from labportal.accounts.views import home

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("labportal.accounts.urls")),
    path("labs/", include("labportal.labs.urls")),
    path("attempts/", include("labportal.runs.urls")),
    path("admin/", admin.site.urls),
]
