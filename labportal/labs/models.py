"""A student's walk through a lab."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from labportal.connections.models import Connection
from steps.kit.task import POLICIES, ROLES, Names


class LabSession(models.Model):
    """One student doing one lab, with the names they do it under.

    The names that the connection decides (group, location, VM) are empty until it is ready.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lab_sessions")
    lab_id = models.SlugField(max_length=64)
    connection = models.ForeignKey(Connection, on_delete=models.RESTRICT, related_name="lab_sessions")
    resource_group = models.CharField(max_length=90, blank=True)
    location = models.CharField(max_length=64, blank=True)
    vm_name = models.CharField(max_length=64, blank=True)
    vault_name = models.CharField(max_length=24, blank=True)
    secret_name = models.CharField(max_length=127, blank=True)
    permission_model = models.CharField(
        max_length=16, choices=[(POLICIES, "Access policies"), (ROLES, "Azure roles")], default=POLICIES
    )
    noted = models.JSONField(default=dict)  # what findings left to be remembered: lists of text by kind
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    in_class: bool | None = None
    """Its student is in a class that does this lab. None where nobody has asked (``classes.allowed.in_a_class``)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lab_id"], condition=models.Q(ended_at=None), name="labs_one_open_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lab_id} of {self.user_id}"

    @property
    def names(self) -> Names:
        """Needs ``connection`` loaded (select_related) to stay at one query."""
        return Names(
            tenant_id=self.connection.tenant_id,
            subscription_id=self.connection.subscription_id,
            resource_group=self.resource_group,
            location=self.location,
            vm=self.vm_name,
            vault=self.vault_name,
            secret=self.secret_name,
            permission_model=self.permission_model,
        )
