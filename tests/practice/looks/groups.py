from __future__ import annotations

from tests.practice.inside import VAULT
from tests.practice.looks.roles import USER, by_roles
from tests.practice.looks.seen import Look, Seen, refusal

GRAPH = "https://graph.microsoft.com"


def members(seen: Seen, group: str) -> set[str]:
    """Who is in a group, as Graph tells the student's app."""
    headers = {"authorization": f"Bearer {seen.person.token(GRAPH)}"}
    answer = seen.inside.send("GET", f"{GRAPH}/v1.0/groups/{group}/members", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["value"]}


def granted_group(seen: Seen) -> str:
    """The one that the vault's policy is for, beside the caller's."""
    (group,) = set(seen.policies()) - {seen.app_oid()}
    return group


def policy(seen: Seen) -> None:
    group = granted_group(seen)
    assert members(seen, group) == {seen.oid()} != {group}
    assert seen.vm_reads().status_code == 200


def without_vm(seen: Seen) -> None:
    assert members(seen, granted_group(seen)) == set()
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")


def not_in_token(seen: Seen) -> None:
    early = seen.person.imds(VAULT).json()["access_token"]
    assert members(seen, granted_group(seen)) == {seen.oid()}
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")
    seen.inside.pass_time(61)
    assert seen.vm_reads().status_code == 200
    again = seen.person.data("GET", seen.vault, f"/secrets/{seen.secret}", token=early)
    assert refusal(again) == (403, "AccessDenied")


def role(seen: Seen) -> None:
    by_roles(seen)
    assert seen.roles(seen.oid()) == []
    path = f"{seen.vault_path()}/providers/Microsoft.Authorization/roleAssignments"
    found = seen.arm("GET", f"{path}?$filter=assignedTo('{seen.oid()}')").json()["value"]
    (given,) = [one["properties"] for one in found if one["properties"]["roleDefinitionId"].endswith(USER)]
    assert (given["principalType"], members(seen, given["principalId"])) == ("Group", {seen.oid()})
    assert seen.vm_reads().status_code == 200


LOOKS: dict[str, Look] = {
    "policy-for-group": policy,
    "policy-for-group-without-vm": without_vm,
    "policy-for-group-not-in-token-yet": not_in_token,
    "role-for-group": role,
}
