"""Hands, messages and notes in Django's admin: to look things up, and to delete what must not stay. None is changed."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from labportal.support.models import Hand, Message, Note


class OnlyRead(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """What somebody said stays as they said it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Hand)
class HandAdmin(OnlyRead):
    list_display = ("user", "task_id", "raised_at", "taken_by_name", "taken_at", "lowered_at")
    list_filter = ("lab_id", "task_id")
    list_select_related = ("user",)
    search_fields = ("user__username", "text")


@admin.register(Message)
class MessageAdmin(OnlyRead):
    list_display = ("lab_class", "by_name", "to_words", "sent_at", "remedy")
    list_filter = ("to",)
    list_select_related = ("lab_class",)
    search_fields = ("lab_class__name", "by_name", "text")


@admin.register(Note)
class NoteAdmin(OnlyRead):
    list_display = ("lab_class", "about", "by_name", "at")
    list_select_related = ("lab_class", "about")
    search_fields = ("lab_class__name", "about__username", "by_name")
