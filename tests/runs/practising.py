"""A student of the practice cloud with an open session, as the portal itself would make one."""

from __future__ import annotations

from labportal.accounts.models import User
from labportal.connections import services as connections
from labportal.labs.models import LabSession
from labportal.labs.services import open_session
from labportal.runs import services
from labportal.runs.models import Attempt
from steps.kit.course import Mode

LAB = "key-vault-managed-identity"


def practising(name: str) -> LabSession:
    """Needs ``portal_env``. Made here and now, without a worker."""
    session = open_session(User.objects.create_user(name), LAB)
    connections.prepare(session.connection_id)
    return LabSession.objects.select_related("connection", "user").get(pk=session.pk)


def carry_out(session: LabSession, task_id: str) -> Attempt:
    return services.start(session, task_id, Mode.CARRY_OUT, {}).attempt


def check(session: LabSession, task_id: str, **answers: str) -> Attempt:
    return services.start(session, task_id, Mode.VALIDATE, answers).attempt
