"""Tokens in Django's admin: to see which there are, and to revoke one. None is made or changed there."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from labportal.results.models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    list_display = ("name", "ending", "lab_class", "user", "created_at", "expires_at", "last_used_at")
    list_select_related = ("lab_class", "user")
    search_fields = ("name", "lab_class__name", "user__username")
    exclude = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A token is shown to whoever makes it, once, and here it could not be."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
