"""Rows about Task 3: letting the machine in, by an access policy or by a role."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.steps.fake_azure import CLIENT_ID, SECRETS_USER, FakeAzure, a_vault, after_task, assignment, set_vault
from tests.verdicts.before import VAULT, ByHand, CarriedOut, Fault, Looked, Scenario
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES

SET_POLICY = "az keyvault set-policy --name {vault} --resource-group {resource_group} --object-id"
ASSIGN = 'az role assignment create --role "Key Vault Secrets User" --assignee-object-id'
NOT_THE_VM = "No policy is for {vm}"
OWNER_PERHAPS = "a person with the role Owner on the whole subscription, you yourself perhaps"
NO_ROLE = "No role in {vault} is for {vm}"


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "grant-access", check, reason, found, next_step, **more)  # type: ignore[arg-type]


def policy(scenario: str, reason: str, *found: str, then: tuple[str, ...] = (SET_POLICY,), **more: object) -> Case:
    """No policy counts for the machine."""
    remedy = more.pop("remedy", "add-policy-for-vm")
    return row(scenario, "policy-exists", reason, found, then, remedy=remedy, **more)


def role(scenario: str, reason: str, *found: str, then: tuple[str, ...] = (ASSIGN,), **more: object) -> Case:
    """No role counts for the machine."""
    remedy = more.pop("remedy", "assign-role")
    return row(scenario, "policy-exists", reason, found, then, remedy=remedy, names=ROLES, **more)


def for_application_id() -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, rbac=True, access_policies=())
    azure.assignments.append(assignment(SECRETS_USER, CLIENT_ID, a_vault().id))
    return azure


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
    policy("policy-for-former-identity", "policy_for_other_identity", NOT_THE_VM, "perhaps one that is gone"),
    policy(
        "vm-two",
        "policy_for_former_identity",
        NOT_THE_VM,
        "the identity that {vm} had before",
        title="The VM was recreated after the portal had looked at it",
        before=(Looked("grant-access"), Scenario("policy-for-former-identity")),
    ),
    policy("policy-for-nobody", "policy_for_other_identity", NOT_THE_VM, "perhaps one that is gone"),
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
    row("policy-more-than-template", "policy-rights", "policy_wider_than_template", ("A remark", "keys (get, list)")),
    row("policy-with-purge", "policy-rights", "policy_wider_than_template", ("purge",)),
    row("policy-all", "policy-rights", "policy_wider_than_template", ("every right",)),
    row(
        "policy-identity-off",
        "vm-identity",
        "vm_identity_off",
        ("identity of {vm} is off",),
        ("az vm identity assign",),
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

BY_ROLES = (
    row("role-right", "policy-rights", "role_reads_secrets", names=ROLES),
    row(
        "role-right",
        "permission-model",
        "vault_in_rbac_mode",
        ("access policies have no effect",),
        ("Task 3 by a role assignment",),
        choices=("roles",),
        remedy="use-access-policies",
    ),
    role("role-missing", "role_only_for_caller", NO_ROLE, "the identity that your connection works as"),
    role(
        "vault-rbac-mode",
        "role_missing",
        "{vm}",
        title="Nobody has a role at the vault",
    ),
    role(
        "role-on-other-vault",
        "role_on_other_scope",
        "on the vault {vault}-2",
        "does not hold for {secret}",
        choices=("{vault}-2",),
    ),
    row("role-on-secret-only", "policy-exists", "role_on_the_secret", names=ROLES),
    role("role-on-other-secret", "role_on_other_scope", "the secret another of {vault}"),
    row("role-inherited-from-group", "policy-exists", "role_inherited", names=ROLES),
    row("role-inherited-from-subscription", "policy-exists", "role_inherited", names=ROLES),
    row("role-officer", "policy-rights", "role_wider_than_needed", names=ROLES),
    row("role-administrator", "policy-rights", "role_wider_than_needed", names=ROLES),
    row(
        "role-owner",
        "policy-rights",
        "role_of_control_plane",
        ("Owner is about {vault} as a resource", "opens nothing that is inside"),
        (ASSIGN,),
        names=ROLES,
        remedy="assign-role",
    ),
    row(
        "role-contributor",
        "policy-rights",
        "role_of_control_plane",
        ("Key Vault Contributor", "opens nothing that is inside"),
        (ASSIGN,),
        names=ROLES,
        remedy="assign-role",
    ),
    row(
        "role-reader",
        "policy-rights",
        "role_without_get",
        ("Key Vault Reader", "not read a secret's value"),
        (ASSIGN,),
        names=ROLES,
        remedy="assign-role",
    ),
    role("role-for-student", "role_for_other_identity", NO_ROLE, OWNER_PERHAPS),
    role("role-for-other-vm", "role_for_other_vm", NO_ROLE, "another machine: {vm}-2", choices=("{vm}-2",)),
    role("role-for-user-identity", "role_for_user_assigned", NO_ROLE, "user-assigned identity id-lab"),
    role("role-for-former-identity", "role_for_other_identity", NO_ROLE, "an app or a managed identity with the role"),
    role(
        "role-missing",
        "role_for_former_identity",
        NO_ROLE,
        "the identity that {vm} had before",
        title="The VM was recreated after the portal had looked at it",
        before=(Looked("grant-access"), Scenario("role-for-former-identity")),
    ),
    role(
        "",
        "role_for_application_id",
        NO_ROLE,
        "application (client) id of the identity of {vm}",
        title="The role is for the VM's application id",
        memory=for_application_id,
        because="where it looks, Azure refuses to give a role to an id that is no principal's",
    ),
    row(
        "role-in-policy-vault",
        "permission-model",
        "vault_goes_by_policies",
        ("{vault} uses access policies", "by roles"),
        ("--enable-rbac-authorization true",),
        names=ROLES,
        choices=("policies",),
    ),
    row("role-not-effective-yet", "policy-exists", "role_for_vm", names=ROLES),
)

UNDOING = (
    row(
        "",
        "access-gone",
        "access_still_there",
        ("{vm} still has the permissions get,", "could not take that back"),
        ("Undo once more", "az keyvault delete-policy --name {vault}"),
        title="Azure does not let the portal take the policy back",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault", "create-secret", "grant-access")),
            Fault(
                r"^management\.azure\.com$",
                409,
                {"error": {"code": "ScopeLocked", "message": "The scope is locked."}},
                path="/accessPolicies/(remove|replace)",
            ),
        ),
    ),
)
