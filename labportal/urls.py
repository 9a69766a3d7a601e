"""Every address of the portal but /events/, which labportal.asgi serves beside Django."""

from django.contrib import admin
from django.urls import include, path, register_converter

from labportal.accounts.views import home
from labportal.addresses import RowConverter

register_converter(RowConverter, "row")
urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("labportal.accounts.urls")),
    path("labs/", include("labportal.labs.urls")),
    path("labs/<slug:lab_id>/azure-calls/", include("labportal.ledger.urls")),
    path("attempts/", include("labportal.runs.urls")),
    path("", include("labportal.classes.urls")),
    path("classes/<row:class_id>/", include("labportal.board.urls")),
    path("classes/<row:class_id>/students/", include("labportal.students.urls")),
    path("", include("labportal.support.urls")),
    path("classes/<row:class_id>/rounds/", include("labportal.rounds.urls")),
    path("", include("labportal.results.urls")),
    path("admin/", admin.site.urls),
]
