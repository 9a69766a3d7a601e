"""Signing up and in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from labportal.accounts.limits import GUESSES, GUESSES_AT_ONE, address_of
from labportal.accounts.models import User


class SignInForm(AuthenticationForm):
    """Who has guessed too often is told to wait before another password is even looked at."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        address, name = address_of(self.request), str(self.cleaned_data.get("username", "")).lower()
        if not GUESSES.take(address) or not GUESSES_AT_ONE.take(address, name):
            raise ValidationError("Too many wrong passwords. Wait five minutes, then try again.", code="too_many")
        cleaned: dict[str, Any] = super().clean()  # raises for a wrong password, which then stays counted
        GUESSES.give_back(address)
        GUESSES_AT_ONE.give_back(address, name)
        return cleaned


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same for the admin's own page."""


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


class DeleteForm(forms.Form):
    """Has a person prove that it is they who want their account gone; a guest, who has no password, types a word."""

    WORD = "delete"

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request, self._user = request, user
        if user.has_usable_password():
            password = forms.PasswordInput(attrs={"autocomplete": "current-password"})
            self.fields["password"] = forms.CharField(label="Your password", strip=False, widget=password)
        else:
            word = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
            self.fields["word"] = forms.CharField(label=f"Type the word {self.WORD}", widget=word)

    def clean_word(self) -> None:
        if self.cleaned_data["word"].lower() != self.WORD:
            raise ValidationError(f"Type {self.WORD} to go on.")

    def clean_password(self) -> None:
        """Counted with the guesses at signing in: it is the same password."""
        address, name = address_of(self._request), self._user.get_username().lower()
        if not GUESSES_AT_ONE.take(address, name):
            raise ValidationError("Too many wrong passwords. Wait five minutes, then try again.", code="too_many")
        if not self._user.check_password(self.cleaned_data["password"]):
            raise ValidationError("That is not your password.")
        GUESSES_AT_ONE.give_back(address, name)
