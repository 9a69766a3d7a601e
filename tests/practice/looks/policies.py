from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal

TEMPLATE = {"get", "list", "set", "delete", "recover", "backup", "restore"}


def right(seen: Seen) -> None:
    assert set(seen.policies()[seen.oid()]["secrets"]) == TEMPLATE
    assert seen.vm_reads().status_code == 200


def refused(seen: Seen) -> None:
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")


def missing(seen: Seen) -> None:
    assert seen.policies() == {}
    refused(seen)


def for_student(seen: Seen) -> None:
    assert set(seen.policies()) == {seen.user_oid()}
    refused(seen)


def for_caller(seen: Seen) -> None:
    assert set(seen.policies()) == {seen.app_oid()}
    refused(seen)


def for_other_vm(seen: Seen) -> None:
    other = f"{seen.person.vm}-2"
    assert seen.vms()[other] == seen.person.group
    assert set(seen.policies()) == {seen.app_oid(), seen.oid(other)}
    refused(seen)


def for_application_id(seen: Seen) -> None:
    (named,) = set(seen.policies()) - {seen.app_oid()}
    own = seen.arm("GET", f"{seen.person.vm_path}/providers/Microsoft.ManagedIdentity/identities/default")
    assert named == own.json()["properties"]["clientId"]
    assert named != seen.oid()
    refused(seen)


def for_stale_identity(seen: Seen) -> None:
    (named,) = set(seen.policies()) - {seen.app_oid()}
    assert named not in (seen.oid(), seen.vm_is())
    assert seen.inside.cloud.store.get("principal", named) is None
    refused(seen)


def for_user_identity(seen: Seen) -> None:
    (user,) = seen.vm()["identity"]["userAssignedIdentities"].values()
    assert set(seen.policies()) == {seen.app_oid(), user["principalId"]}
    assert seen.vm_is() == seen.oid()
    refused(seen)


def on_behalf(seen: Seen) -> None:
    (named,) = [one for one in seen.vault_shown()["accessPolicies"] if one["objectId"] == seen.oid()]
    assert named["applicationId"] == seen.person.told["client_id"]
    refused(seen)


def granted(*, reads: bool, **permissions: set[str]) -> Look:
    def look(seen: Seen) -> None:
        kept = {kind: set(names) for kind, names in seen.policies()[seen.oid()].items() if names}
        assert kept == permissions
        assert seen.vm_reads().status_code == (200 if reads else 403)

    return look


def identity_off(seen: Seen) -> None:
    assert "identity" not in seen.vm()
    assert len(seen.policies()) == 2
    assert seen.person.imds().status_code == 400


def in_rbac_vault(seen: Seen) -> None:
    assert set(seen.policies()[seen.oid()]["secrets"]) == TEMPLATE
    assert seen.vault_shown()["enableRbacAuthorization"] is True
    assert refusal(seen.vm_reads()) == (403, "ForbiddenByRbac")


def not_effective(seen: Seen) -> None:
    assert set(seen.policies()[seen.oid()]["secrets"]) == TEMPLATE
    refused(seen)
    seen.inside.pass_time(61)
    assert seen.vm_reads().status_code == 200


def still_effective(seen: Seen) -> None:
    assert set(seen.policies()) == {seen.app_oid()}
    assert seen.vm_reads().status_code == 200
    seen.inside.pass_time(61)
    refused(seen)


LOOKS: dict[str, Look] = {
    "policy-right": right,
    "policy-missing": missing,
    "policy-for-student": for_student,
    "policy-for-caller": for_caller,
    "policy-for-other-vm": for_other_vm,
    "policy-for-application-id": for_application_id,
    "policy-for-former-identity": for_stale_identity,
    "policy-for-nobody": for_stale_identity,
    "policy-for-user-identity": for_user_identity,
    "policy-on-behalf-of-application": on_behalf,
    "policy-without-get": granted(reads=False, secrets=TEMPLATE - {"get"}),
    "policy-list-only": granted(reads=False, secrets={"list"}),
    "policy-keys-only": granted(reads=False, keys={"get", "list"}),
    "policy-certificates-only": granted(reads=False, certificates={"get", "list"}),
    "policy-get-only": granted(reads=True, secrets={"get"}),
    "policy-more-than-template": granted(
        reads=True, secrets=TEMPLATE, keys={"get", "list"}, certificates={"get", "list"}
    ),
    "policy-with-purge": granted(reads=True, secrets=TEMPLATE | {"purge"}),
    "policy-all": granted(reads=True, secrets={"all"}, keys={"all"}, certificates={"all"}),
    "policy-identity-off": identity_off,
    "policy-identity-renewed": for_stale_identity,
    "policy-in-rbac-vault": in_rbac_vault,
    "policy-removed-still-effective": still_effective,
    "policy-not-effective-yet": not_effective,
}
