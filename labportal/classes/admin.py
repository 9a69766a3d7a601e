"""Classes in Django's admin: to look things up, and to mend what no page can."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from labportal.classes import zones
from labportal.classes.models import Invitation, Knock, LabClass, Membership
from labportal.results.tokens import drop_tokens_of
from labportal.standings.services import standing_of


class ClassAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Only zones that there are: every page of the class writes dates in its own."""

    time_zone = forms.ChoiceField(choices=zones.choices)


@admin.register(LabClass)
class ClassAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """A class is made by who teaches it, on the portal's own pages, which also set what a task is worth."""

    form = ClassAdminForm
    list_display = ("name", "lab_id", "cloud", "starts_at", "due_at", "archived_at")
    list_filter = ("lab_id", "cloud", "archived_at")
    search_fields = ("name", "code")
    readonly_fields = ("lab_id", "points", "created_at", "code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Who is in which class. Where a student stands is kept from here on, as for who joins by a page."""

    list_display = ("name", "lab_class", "role", "email", "joined_at")
    list_filter = ("role",)
    list_select_related = ("lab_class",)
    search_fields = ("name", "email", "user__username", "lab_class__name")
    raw_id_fields = ("lab_class", "user")
    readonly_fields = ("standing", "joined_at")

    def save_model(self, request: HttpRequest, obj: Membership, form: object, change: bool) -> None:
        obj.standing = standing_of(obj.user, obj.lab_class.lab_id) if obj.role == Membership.Role.STUDENT else None
        super().save_model(request, obj, form, change)
        Knock.objects.filter(user=obj.user, lab_class=obj.lab_class).delete()
        if not obj.leads:
            drop_tokens_of(obj.user_id, obj.lab_class_id)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        drop_tokens_of(obj.user_id, obj.lab_class_id)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for user_id, class_id in queryset.values_list("user_id", "lab_class_id"):
            drop_tokens_of(user_id, class_id)
        super().delete_queryset(request, queryset)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """Who is in which class is not exchanged: what hangs on a membership would be another's."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "user", "lab_class")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Not its token: whoever has it can come in under that name."""

    list_display = ("name", "lab_class", "role", "email", "created_at", "accepted_at")
    list_filter = ("role",)
    list_select_related = ("lab_class",)
    search_fields = ("name", "email", "lab_class__name")
    raw_id_fields = ("lab_class",)
    exclude = ("token",)
    readonly_fields = ("created_at", "accepted_by", "accepted_at")


@admin.register(Knock)
class KnockAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Who waits at the door of a class, or was turned away: to be looked up, or taken out."""

    list_display = ("name", "lab_class", "asked_at", "turned_away_at")
    list_select_related = ("lab_class",)
    search_fields = ("name", "lab_class__name")
    readonly_fields = ("lab_class", "user", "name", "asked_at", "turned_away_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
