"""One row for each request that has left for Azure."""

from __future__ import annotations

from django.db import models

from labportal.connections.models import Connection
from labportal.runs.models import Attempt


class AzureCall(models.Model):
    """What ``labportal.gateway.sent.Sent`` tells, and for which attempt it was: None for what was asked outside of one.

    It is the connection's, and goes with it. ``status`` is None where no answer came, and ``no_answer`` says why.
    """

    class NoAnswer(models.TextChoices):
        UNREACHABLE = "unreachable", "could not be reached"
        TIMED_OUT = "timed_out", "timed out"
        BROKEN_OFF = "broken_off", "the connection broke"

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="azure_calls", db_index=False
    )  # the index below begins with it
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="azure_calls")
    at = models.DateTimeField()  # when it left, by the worker's clock
    method = models.CharField(max_length=16)
    host = models.CharField(max_length=255)
    path = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=128, blank=True)
    writes = models.BooleanField()
    milliseconds = models.PositiveIntegerField()
    no_answer = models.CharField(max_length=16, choices=NoAnswer, blank=True)

    class Meta:
        verbose_name = "call to Azure"
        verbose_name_plural = "calls to Azure"
        indexes = [models.Index(fields=["connection", "-id"], name="ledger_newest")]

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.path}"
