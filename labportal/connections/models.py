"""A student's Azure subscription, or practice subscription, and its sealed credential."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Connection(models.Model):
    """How the worker reaches one subscription.

    ``sealed_secret`` is opened only in the worker, for the call (labportal/connections/sealing.py).
    A practice connection is made by the worker: ``practice_key`` makes asking twice harmless.
    """

    class Cloud(models.TextChoices):
        PRACTICE = "practice", "Practice cloud"
        AZURE = "azure", "Azure"

    class State(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        READY = "ready", "Ready"
        BROKEN = "broken", "Broken"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="connections")
    cloud = models.CharField(max_length=16, choices=Cloud)
    state = models.CharField(max_length=16, choices=State, default=State.PREPARING)
    problem = models.CharField(max_length=300, blank=True)
    practice_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant_id = models.CharField(max_length=64, blank=True)
    subscription_id = models.CharField(max_length=64, blank=True)
    client_id = models.CharField(max_length=64, blank=True)
    sealed_secret = models.BinaryField(default=bytes, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="preparing"), name="connections_preparing")
        ]

    @property
    def place_of_secret(self) -> str:
        """What the sealed credential is bound to."""
        return f"connections.connection:{self.pk}:client_secret"

    def __str__(self) -> str:
        return f"{self.get_cloud_display()} {self.subscription_id or self.practice_key}"
