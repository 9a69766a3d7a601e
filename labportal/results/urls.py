"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import include, path, re_path

from labportal.results import problems, token_views, views
from labportal.results.api import api

app_name = "results"
of_a_class = [
    path("results/", views.results, name="results"),
    path("results/failed/", views.failed, name="failed"),
    path("results/points/", views.points, name="points"),
    path("results/export.csv", views.as_csv, name="csv"),
    path("results/export.xlsx", views.as_xlsx, name="xlsx"),
    path("results/tokens/", token_views.token_page, name="tokens"),
    path("results/tokens/<row:token_id>/revoke/", token_views.revoke, name="revoke"),
]
urlpatterns = [
    path("classes/<row:class_id>/", include(of_a_class)),
    path("api/v1/", token_views.api_docs, name="api_docs"),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/.*)?$", problems.no_such_address, name="no_such_address"),
]
