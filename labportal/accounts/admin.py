"""People in Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from labportal.accounts.forms import AdminSignInForm
from labportal.accounts.models import User

admin.site.login_form = AdminSignInForm


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    list_display = ("username", "is_guest", "is_staff", "last_login")
    list_filter = ("is_guest", "is_staff", "is_superuser", "is_active")
