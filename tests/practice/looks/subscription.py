from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal


def disabled(seen: Seen) -> None:
    assert seen.arm("GET", seen.person.scope).json()["state"] == "Disabled"
    assert refusal(seen.create_vault()) == (409, "ReadOnlyDisabledSubscription")
    assert seen.power() == "running"


def warned(seen: Seen) -> None:
    assert seen.arm("GET", seen.person.scope).json()["state"] == "Warned"
    assert refusal(seen.create_vault()) == (409, "ReadOnlyDisabledSubscription")
    assert seen.power() == "running"


def allowed(seen: Seen) -> list[list[str]]:
    """The actions that the caller has in the group, role by role."""
    group = f"{seen.person.scope}/resourceGroups/{seen.person.group}"
    answer = seen.arm("GET", f"{group}/providers/Microsoft.Authorization/permissions")
    return [one["actions"] for one in answer.json()["value"]]


def without_roles(seen: Seen) -> None:
    assert seen.arm("GET", "/subscriptions").json()["value"] == []
    assert refusal(seen.arm("GET", seen.person.scope)) == (403, "AuthorizationFailed")


def reader(seen: Seen) -> None:
    assert allowed(seen) == [["*/read"]]
    assert refusal(seen.create_vault()) == (403, "AuthorizationFailed")
    assert refusal(seen.run_command()) == (403, "AuthorizationFailed")


def contributor(seen: Seen) -> None:
    assert allowed(seen) == [["*"]]
    assert seen.create_vault().status_code == 200
    path = f"{seen.person.scope}/providers/Microsoft.Authorization/roleAssignments/{seen.person.sid}"
    assert refusal(seen.arm("PUT", path, json={})) == (403, "AuthorizationFailed")


def group_contributor(seen: Seen) -> None:
    assert allowed(seen) == [["*"]]
    assert seen.create_vault().status_code == 200
    for path in ("Microsoft.KeyVault/register", "Microsoft.KeyVault/checkNameAvailability"):
        answer = seen.arm("POST", f"{seen.person.scope}/providers/{path}", json={"name": seen.vault})
        assert refusal(answer) == (403, "AuthorizationFailed")
    assert list(seen.all_vaults()) == [seen.vault]


def custom_role(seen: Seen) -> None:
    (actions,) = allowed(seen)
    assert "Microsoft.KeyVault/*" in actions
    assert seen.create_vault().status_code == 200
    assert refusal(seen.arm("DELETE", seen.vault_path())) == (403, "AuthorizationFailed")
    assert refusal(seen.run_command()) == (403, "AuthorizationFailed")
    ((role, _),) = seen.roles(seen.app_oid())
    definition = f"{seen.person.scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    assert seen.arm("GET", definition).json()["properties"]["roleName"] == "Lab Helper"


def policy(seen: Seen) -> None:
    assert refusal(seen.create_vault()) == (403, "RequestDisallowedByPolicy")


def provider(namespace: str, state: str) -> Look:
    def look(seen: Seen) -> None:
        path = f"{seen.person.scope}/providers/{namespace}"
        assert seen.arm("GET", path).json()["registrationState"] == state
        if state == "NotRegistered" and "KeyVault" in namespace:
            assert refusal(seen.vault_answer()) == (409, "MissingSubscriptionRegistration")
        if state == "NotRegistered" and "Network" in namespace:
            answer = seen.arm("GET", f"{path}/virtualNetworks")
            assert refusal(answer) == (409, "MissingSubscriptionRegistration")
        if state == "Registering":
            seen.inside.pass_time(61)
            assert seen.arm("GET", path).json()["registrationState"] == "Registered"

    return look


def no_policy_insights(seen: Seen) -> None:
    provider("Microsoft.PolicyInsights", "NotRegistered")(seen)
    group = f"{seen.person.scope}/resourceGroups/{seen.person.group}"
    answer = seen.arm("POST", f"{group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions", json={})
    assert refusal(answer) == (409, "MissingSubscriptionRegistration")


def group_missing(seen: Seen) -> None:
    group = f"{seen.person.scope}/resourceGroups/{seen.person.group}"
    assert refusal(seen.arm("GET", group)) == (404, "ResourceGroupNotFound")
    assert seen.vms() == {}


def group_going(seen: Seen) -> None:
    group = f"{seen.person.scope}/resourceGroups/{seen.person.group}"
    assert seen.arm("GET", group).json()["properties"]["provisioningState"] == "Deleting"
    assert refusal(seen.create_vault()) == (409, "ResourceGroupBeingDeleted")
    seen.inside.pass_time(61)
    assert refusal(seen.arm("GET", group)) == (404, "ResourceGroupNotFound")


LOOKS: dict[str, Look] = {
    "subscription-disabled": disabled,
    "subscription-warned": warned,
    "caller-without-roles": without_roles,
    "caller-reader": reader,
    "caller-contributor": contributor,
    "caller-group-contributor": group_contributor,
    "caller-custom-role": custom_role,
    "policy-denies-vault": policy,
    "provider-key-vault-not-registered": provider("Microsoft.KeyVault", "NotRegistered"),
    "provider-compute-not-registered": provider("Microsoft.Compute", "NotRegistered"),
    "provider-network-not-registered": provider("Microsoft.Network", "NotRegistered"),
    "provider-policy-insights-not-registered": no_policy_insights,
    "provider-key-vault-registering": provider("Microsoft.KeyVault", "Registering"),
    "provider-compute-registering": provider("Microsoft.Compute", "Registering"),
    "group-missing": group_missing,
    "group-being-deleted": group_going,
}
