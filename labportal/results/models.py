"""What this room keeps: the tokens that other programs read a class's results with."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from labportal.classes.models import LabClass


class ApiToken(models.Model):
    """Lets a program read one class, for as long as ``user``, who made it, is an instructor of that class.

    Of the token itself only ``digest`` is kept (SHA-256, hex), and ``ending``, its last letters, to tell it from
    others. One that is revoked is gone. ``last_used_at`` is up to a minute behind.
    """

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="api_tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"
