"""Rows about Task 3: letting the machine in, by an access policy or by a role."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.steps.fake_azure import SECRETS_USER
from tests.verdicts.before import VAULT, ByHand, CarriedOut, Looked, Scenario, arm_says
from tests.verdicts.case import Case

SET_POLICY = "az keyvault set-policy --name {vault} --resource-group {resource_group} --object-id"
OWN = "0f9d52c4-6f0e-4c0f-9a53-6b1f3b6f0d11"
NOT_THE_VM = "No policy is for {vm}"
OWNER_PERHAPS = "a person with the role Owner on the whole subscription, you yourself perhaps"


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "grant-access", check, reason, found, next_step, **more)  # type: ignore[arg-type]


def policy(scenario: str, reason: str, *found: str, then: tuple[str, ...] = (SET_POLICY,), **more: object) -> Case:
    """No policy counts for the machine."""
    remedy = more.pop("remedy", "add-policy-for-vm")
    return row(scenario, "policy-exists", reason, found, then, remedy=remedy, **more)


def given(role: str = SECRETS_USER, principal: str = "{oid}", scope: str = VAULT, condition: str = "") -> ByHand:
    """A role given over REST, under the name that its id is."""
    definition = f"/subscriptions/{{subscription_id}}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
    more = {"condition": condition, "conditionVersion": "2.0"} if condition else {}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{role}"
    return ByHand("PUT", path, "2022-04-01", {"properties": {**properties, **more}})


def policies(*entries: tuple[str, dict[str, list[str]]], application: str = "") -> ByHand:
    """The vault's access policies, all of them: object id and permissions of each."""
    bound = {"applicationId": application} if application else {}
    listed = [{"tenantId": "{tenant_id}", "objectId": oid, "permissions": what, **bound} for oid, what in entries]
    return ByHand("PATCH", VAULT, "2026-02-01", {"properties": {"accessPolicies": listed}})


POLICIES = (
    row("policy-right", "policy-rights", "policy_is_template"),
    policy("policy-missing", "policy_missing", "{vault} has no access policy at all"),
    policy("policy-for-student", "policy_for_other_identity", NOT_THE_VM, OWNER_PERHAPS),
    policy("policy-for-caller", "policy_only_for_caller", NOT_THE_VM, "the identity that your connection works as"),
    policy("policy-for-other-vm", "policy_for_other_vm", NOT_THE_VM, "another machine: {vm}-2", choices=("{vm}-2",)),
    policy(
        "policy-for-application-id",
        "policy_for_application_id",
        NOT_THE_VM,
        "application (client) id of the identity of {vm}",
        "What counts is its object id",
    ),
    policy(
        "policy-for-former-identity",
        "policy_for_other_identity",
        NOT_THE_VM,
        "Azure does not tell the portal who that is",
    ),
    policy(
        "vm-two",
        "policy_for_former_identity",
        NOT_THE_VM,
        "the identity that {vm} had before",
        title="The VM was recreated after the portal had looked at it",
        before=(Looked("grant-access"), Scenario("policy-for-former-identity")),
    ),
    policy("policy-for-nobody", "policy_for_other_identity", NOT_THE_VM, "Azure does not tell the portal who that is"),
    policy(
        "policy-missing",
        "policy_for_no_identity",
        NOT_THE_VM,
        "the id of your directory (tenant)",
        title="The policy is for the id of the directory",
        before=(policies(("{tenant_id}", {"secrets": ["get"]})),),
    ),
    policy(
        "policy-missing",
        "policy_for_other_identity",
        NOT_THE_VM,
        "an app or a managed identity; perhaps an identity that {vm} had before",
        title="The policy is for somebody of whom only a role tells",
        before=(policies((OWN, {"secrets": ["get"]})), given(principal=OWN)),
    ),
    row(
        "policy-missing",
        "policy-rights",
        "policy_leaner_than_template",
        title="The permissions are written with capitals",
        before=(policies(("{oid}", {"secrets": ["Get", "LIST"]})),),
    ),
    policy("policy-for-user-identity", "policy_for_user_assigned", NOT_THE_VM, "user-assigned identity id-lab"),
    policy("policy-on-behalf-of-application", "policy_with_application", "names an application, too", "{vm}"),
    policy(
        "policy-missing",
        "policy_in_other_vault",
        "{vault}-2",
        title="The VM has a policy in another vault of the group",
        choices=("{vault}-2",),
        before=(
            Scenario("vault-two"),
            ByHand(
                "PUT",
                VAULT + "-2/accessPolicies/add",
                "2026-02-01",
                {
                    "properties": {
                        "accessPolicies": [
                            {
                                "tenantId": "{tenant_id}",
                                "objectId": "{oid}",
                                "permissions": {"secrets": ["get", "list"]},
                            }
                        ]
                    }
                },
            ),
        ),
    ),
    row(
        "policy-without-get",
        "policy-rights",
        "policy_without_get",
        ("{vm} may not get secrets",),
        ("tick Get", SET_POLICY),
        remedy="complete-policy",
    ),
    row(
        "policy-list-only",
        "policy-rights",
        "policy_without_get",
        ("{vm} may not get secrets", "list"),
        ("tick Get",),
        remedy="complete-policy",
    ),
    row(
        "policy-keys-only",
        "policy-rights",
        "policy_not_about_secrets",
        ("about keys", "no right on secrets at all"),
        ("tick Get",),
        remedy="complete-policy",
    ),
    row(
        "policy-certificates-only",
        "policy-rights",
        "policy_not_about_secrets",
        ("about certificates", "no right on secrets at all"),
        ("tick Get",),
        remedy="complete-policy",
    ),
    row("policy-get-only", "policy-rights", "policy_leaner_than_template", ("less",)),
    row(
        "policy-more-than-template",
        "policy-rights",
        "policy_wider_than_template",
        ("A remark", "get, list on keys and certificates"),
    ),
    row("policy-with-purge", "policy-rights", "policy_wider_than_template", ("purge",)),
    row(
        "policy-all",
        "policy-rights",
        "policy_wider_than_template",
        ("adds every right on secrets, keys and certificates,",),
    ),
    row(
        "policy-identity-off",
        "vm-identity",
        "vm_identity_off",
        ("identity of {vm} is off",),
        ("az vm identity assign", "a new object id then", "let it in anew (Task 3)"),
        remedy="turn-identity-on",
    ),
    row(
        "vm-user-identity-only",
        "vm-identity",
        "vm_only_user_assigned",
        ("user-assigned id-lab",),
        ("az vm identity assign", "may stay"),
        remedy="turn-identity-on",
        also={"permission-model": "vault_missing"},
    ),
    policy("policy-identity-renewed", "policy_for_other_identity", NOT_THE_VM),
    policy(
        "policy-right",
        "policy_for_former_identity",
        NOT_THE_VM,
        "switched off and on again",
        title="The VM's identity was switched off and on after the portal had looked at it",
        before=(Looked("grant-access"), Scenario("policy-identity-renewed")),
    ),
    row(
        "policy-in-rbac-vault",
        "permission-model",
        "vault_in_rbac_mode",
        ("access policies have no effect",),
        ("--enable-rbac-authorization false",),
        remedy="use-access-policies",
        choices=("roles",),
        also={"policy-exists": "policy_without_effect"},
    ),
    row(
        "policy-in-rbac-vault",
        "policy-exists",
        "policy_without_effect",
        ("There is one for {vm}", "no policy counts"),
        ("counts as it is",),
        also={"permission-model": "vault_in_rbac_mode"},
    ),
    policy("policy-removed-still-effective", "policy_only_for_caller", NOT_THE_VM),
    row("policy-not-effective-yet", "policy-exists", "policy_for_vm"),
    policy(
        "role-in-policy-vault",
        "role_without_effect",
        "{vm} has the role Key Vault Secrets User",
        "goes by access policies",
        then=(SET_POLICY, "do this lab by roles"),
        choices=("roles",),
    ),
    row("vault-missing", "permission-model", "vault_missing", ("no key vault {vault}",), ("Task 1",)),
    row(
        "vm-missing",
        "vm-identity",
        "vm_missing",
        ("no virtual machine {vm}",),
        ("a Windows VM named {vm}",),
        also={"permission-model": "vault_missing"},
    ),
)

UNDOING = (
    row(
        "",
        "access-gone",
        "access_still_there",
        ("{vm} still has the permissions get,", "does not let it do this"),
        ("the role that it lacks", "az keyvault delete-policy --name {vault}"),
        title="Azure does not let the portal take the policy back",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault", "create-secret", "grant-access")),
            arm_says(403, "AuthorizationFailed", "No authorization.", path="/accessPolicies/(remove|replace)"),
        ),
    ),
)
