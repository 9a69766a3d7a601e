"""Passwords in the tests, hashed in no time: it is not the strength of a hash that is tested."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class OneRound(PBKDF2PasswordHasher):
    """The portal's own, of which a million rounds are a third of a second: its processes know these passwords, too."""

    iterations = 1
