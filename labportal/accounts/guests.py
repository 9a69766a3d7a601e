"""People who start without an account, and may keep their work later by choosing a name and a password."""

from __future__ import annotations

import secrets

from labportal.accounts.models import User


def create_guest() -> User:
    """A user with an opaque name and no password: only the session cookie leads back to it."""
    user = User(username=f"guest-{secrets.token_hex(8)}", is_guest=True)
    user.set_unusable_password()
    user.save()
    return user
