"""Task 3 by roles: a vault that goes by them, and the portal at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.course import Mode
from steps.kit.task import Context
from tests.steps.fake_azure import NAMES, FakeAzure, a_vault, after_task, assignment, set_vault
from tests.steps.walking import Walk, context, walk

BY_ROLES = replace(NAMES, permission_model="roles")
VAULT = a_vault().id
SECRET = f"{VAULT}/secrets/{NAMES.secret}"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
FORMER = "88888888-8888-4888-8888-888888888888"
LENT = "99999999-0000-4000-8000-000000000001"
OTHER = "99999999-0000-4000-8000-000000000002"
GROUP = "99999999-0000-4000-8000-000000000003"
STRANGER = "99999999-9999-4999-8999-999999999999"


def an_azure(*given: tuple[str, str, str]) -> FakeAzure:
    """Tasks 1 and 2 done by roles, and these given: role, principal, scope."""
    azure = after_task(2)
    set_vault(azure, rbac=True, access_policies=())
    azure.assignments = [assignment(*one, name=str(number)) for number, one in enumerate(given)]
    return azure


def a_context(azure: FakeAzure, *former: str) -> Context:
    return replace(context(azure), names=BY_ROLES, noted={"vm_principal": tuple(f"{one} {NAMES.vm}" for one in former)})


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, a_context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, a_context(azure), pool)
