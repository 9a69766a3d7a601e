"""People in Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from labportal.accounts.deletion import forget_names_of
from labportal.accounts.forms import AdminSignInForm
from labportal.accounts.models import User
from labportal.writes import writing

admin.site.login_form = AdminSignInForm


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    list_display = ("username", "is_guest", "is_staff", "last_login")
    list_filter = ("is_guest", "is_staff", "is_superuser", "is_active")

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """As when a person deletes their account themselves, but for what hinders them: an administrator decides."""
        with writing():
            forget_names_of(obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            self.delete_model(request, person)
