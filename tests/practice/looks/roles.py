from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal

USER = "4633458b-17de-408a-b874-0445c86b69e6"


def by_roles(seen: Seen) -> None:
    assert seen.vault_shown()["enableRbacAuthorization"] is True
    assert seen.app_reads().status_code == 200


def refused(seen: Seen) -> None:
    by_roles(seen)
    assert refusal(seen.vm_reads()) == (403, "ForbiddenByRbac")


def has(role: str, below: str = "", *, reads: bool) -> Look:
    """The VM has just this role, at the vault or what is below it."""

    def look(seen: Seen) -> None:
        scope = seen.vault_path() + below.replace("{secret}", seen.secret)
        assert seen.roles(seen.oid()) == [(role, scope)]
        if not reads:
            refused(seen)
            return
        by_roles(seen)
        assert seen.vm_reads().status_code == 200

    return look


def missing(seen: Seen) -> None:
    assert seen.roles(seen.oid()) == []
    refused(seen)


def other_vault(seen: Seen) -> None:
    (other,) = set(seen.all_vaults()) - {seen.vault}
    assert seen.roles(seen.oid()) == [(USER, seen.vault_path(other))]
    refused(seen)


def secret_only(seen: Seen) -> None:
    has(USER, "/secrets/{secret}", reads=True)(seen)
    token = seen.person.imds().json()["access_token"]
    seen.person.data("PUT", seen.vault, "/secrets/beside", json={"value": "v"})
    assert seen.person.data("GET", seen.vault, "/secrets/beside", token=token).status_code == 403


def inherited(*, group: bool) -> Look:
    def look(seen: Seen) -> None:
        at = f"{seen.person.scope}/resourceGroups/{seen.person.group}" if group else seen.person.scope
        assert seen.roles(seen.oid()) == [(USER, at)]
        by_roles(seen)
        assert seen.vm_reads().status_code == 200

    return look


def for_student(seen: Seen) -> None:
    assert (USER, seen.vault_path()) in seen.roles(seen.user_oid())
    missing(seen)


def for_other_vm(seen: Seen) -> None:
    assert seen.roles(seen.oid(f"{seen.person.vm}-2")) == [(USER, seen.vault_path())]
    missing(seen)


def for_user_identity(seen: Seen) -> None:
    (user,) = seen.vm()["identity"]["userAssignedIdentities"].values()
    assert seen.roles(user["principalId"]) == [(USER, seen.vault_path())]
    missing(seen)


def for_former_identity(seen: Seen) -> None:
    path = f"{seen.vault_path()}/providers/Microsoft.Authorization/roleAssignments"
    at_vault = seen.arm("GET", f"{path}?$filter=atScope()")
    given = [one["properties"] for one in at_vault.json()["value"]]
    (former,) = [one["principalId"] for one in given if one["roleDefinitionId"].endswith(USER)]
    assert seen.inside.cloud.store.get("principal", former) is None
    missing(seen)


def in_policy_vault(seen: Seen) -> None:
    assert seen.vault_shown()["enableRbacAuthorization"] is False
    assert seen.roles(seen.oid()) == [(USER, seen.vault_path())]
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")


def not_effective(seen: Seen) -> None:
    assert seen.roles(seen.oid()) == [(USER, seen.vault_path())]
    refused(seen)
    seen.inside.pass_time(61)
    assert seen.vm_reads().status_code == 200


LOOKS: dict[str, Look] = {
    "role-right": has(USER, reads=True),
    "role-missing": missing,
    "role-on-other-vault": other_vault,
    "role-on-secret-only": secret_only,
    "role-on-other-secret": has(USER, "/secrets/another", reads=False),
    "role-inherited-from-group": inherited(group=True),
    "role-inherited-from-subscription": inherited(group=False),
    "role-officer": has("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", reads=True),
    "role-administrator": has("00482a5a-887f-4fb3-b363-3b7fe8e74483", reads=True),
    "role-owner": has("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", reads=False),
    "role-contributor": has("f25e0fa2-a7c8-4377-a976-54943a77a395", reads=False),
    "role-reader": has("21090545-7ca7-4776-b22c-e363652d74d2", reads=False),
    "role-for-student": for_student,
    "role-for-other-vm": for_other_vm,
    "role-for-user-identity": for_user_identity,
    "role-for-former-identity": for_former_identity,
    "role-in-policy-vault": in_policy_vault,
    "role-not-effective-yet": not_effective,
}
