"""People."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody at the portal. A guest has no usable password and an opaque user name."""

    is_guest = models.BooleanField(default=False)
