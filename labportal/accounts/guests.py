"""People who start without an account, and may keep their work later by choosing a name and a password."""

from __future__ import annotations

import secrets

from django.contrib.auth import login
from django.http import HttpRequest

from labportal.accounts.limits import NEWCOMERS, address_of
from labportal.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOO_MANY_NEW = "Very many people have just begun from your network. Try again in an hour, or sign in."


def begin_as_guest(request: HttpRequest) -> User | None:
    """A new guest, signed in from now on; None where too many have begun from one network."""
    if not NEWCOMERS.take(address_of(request)):
        return None
    guest = create_guest()
    login(request, guest, backend=BACKEND)
    return guest


def create_guest() -> User:
    """A user with an opaque name and no password: only the session cookie leads back to it."""
    user = User(username=f"guest-{secrets.token_hex(8)}", is_guest=True)
    user.set_unusable_password()
    user.save()
    return user
