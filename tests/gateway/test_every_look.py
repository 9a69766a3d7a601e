"""Every look: read as far as an odd answer goes, and trouble told apart. Never another exception than a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steps.kit.azure import Azure, AzureProblem, ProblemKind
from steps.kit.records import Seen
from steps.kit.verdict import Source
from tests.gateway.stage import Student, body

K = ProblemKind

LOOKS: dict[str, Callable[[Azure, str], Seen[Any]]] = {
    "vault": lambda azure, sub: azure.vault("group", "vault"),
    "vaults": lambda azure, sub: azure.vaults_in_subscription(),
    "deleted vaults": lambda azure, sub: azure.deleted_vaults(),
    "secret": lambda azure, sub: azure.secret("group", "vault", "secret"),
    "secrets": lambda azure, sub: azure.secrets("group", "vault"),
    "key": lambda azure, sub: azure.key("group", "vault", "key"),
    "virtual machine": lambda azure, sub: azure.virtual_machine("group", "vm"),
    "virtual machines": lambda azure, sub: azure.virtual_machines(),
    "client id": lambda azure, sub: azure.vm_client_id(f"{sub}/vm"),
    "permissions": lambda azure, sub: azure.permissions("group"),
    "permissions above": lambda azure, sub: azure.permissions_in_subscription(),
    "machine network": lambda azure, sub: azure.machine_network(f"{sub}/nic"),
    "locks": lambda azure, sub: azure.locks("group"),
    "role assignments": lambda azure, sub: azure.role_assignments(sub, "principal"),
    "denials": lambda azure, sub: azure.vault_denials("group", "vault", "eastus"),
}


@pytest.mark.parametrize("text", ["null", "[]", "5", '"text"', '{"properties": null}', '{"value": [null]}'])
@pytest.mark.parametrize("which", LOOKS)
def test_an_answer_of_another_shape_is_read_as_far_as_it_goes_or_unexpected(
    student: Student, text: str, which: str
) -> None:
    """Never another exception than a problem, which names the request."""
    azure = student.azure(may_write=False)
    student.fault(status=200, body=text, headers={"Content-Type": "application/json"})
    assert seen_in(lambda: LOOKS[which](azure, f"/subscriptions/{student.told.subscription_id}")).status == 200


@pytest.mark.parametrize("which", LOOKS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 429, "headers": {"Retry-After": "3"}, "body": body("TooManyRequests")}, K.THROTTLED),
        ({"status": 503, "body": "<html>"}, K.AZURE_UNAVAILABLE),
        ({"status": 403, "body": body("AuthorizationFailed")}, K.NOT_AUTHORIZED),
        ({"status": 409, "body": body("MissingSubscriptionRegistration")}, K.NOT_REGISTERED),
        ({"reset": "before"}, K.UNREACHABLE),
    ],
)
def test_every_look_tells_trouble_apart(student: Student, fault: dict[str, Any], kind: ProblemKind, which: str) -> None:
    azure = student.azure(may_write=False)
    student.fault(**fault)
    with pytest.raises(AzureProblem) as caught:
        LOOKS[which](azure, f"/subscriptions/{student.told.subscription_id}")
    assert caught.value.kind is kind
    assert caught.value.source.method


def seen_in(ask: Callable[[], Seen[Any]]) -> Source:
    try:
        return ask().source
    except AzureProblem as problem:
        return problem.source
