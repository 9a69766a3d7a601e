"""Signing up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import UserCreationForm

from labportal.accounts.models import User


class SignUpForm(UserCreationForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Makes an account, or turns the guest given as ``instance`` into one: the row stays, so the work stays."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)
        help_texts = {"username": "Letters, digits and @ . + - _ are fine."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "password1"
        ].help_text = "At least 8 characters, not only digits, and nothing that is easy to guess."
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""
        if self.instance.pk:
            self.initial["username"] = ""  # a guest's opaque name is no suggestion

    def save(self, commit: bool = True) -> User:
        self.instance.is_guest = False
        user: User = super().save(commit)
        return user
