"""Rows about Task 3 where the vault goes by roles, and about who works the other way than their vault."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import GROUP, ByHand, Looked, Scenario
from tests.verdicts.case import Case
from tests.verdicts.grant_access import OWN, OWNER_PERHAPS, given, policies, row
from tests.verdicts.preflight import ROLES

ASSIGN = 'az role assignment create --role "Key Vault Secrets User" --assignee-object-id'
NO_ROLE = "No role in {vault} that reads is for {vm}"
READER, OFFICER = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SECRETS = "Microsoft.KeyVault/vaults/secrets"
AS_IT_IS = "nothing has to change in Azure"


def role(scenario: str, reason: str, *found: str, then: tuple[str, ...] = (ASSIGN,), **more: object) -> Case:
    """No role counts for the machine."""
    remedy = more.pop("remedy", "assign-role")
    return row(scenario, "policy-exists", reason, found, then, remedy=remedy, names=ROLES, **more)


def own_role(**permission: list[str]) -> tuple[ByHand, ByHand]:
    """A role of the student's own, made and given to the VM at the vault."""
    made = {"roleName": "Of my own", "assignableScopes": ["/subscriptions/{subscription_id}"]}
    path = f"/providers/Microsoft.Authorization/roleDefinitions/{OWN}"
    return ByHand("PUT", path, "2022-04-01", {"properties": {**made, "permissions": [permission]}}), given(OWN)


BY_ROLES = (
    row("role-right", "policy-rights", "role_reads_secrets", names=ROLES),
    row(
        "role-right",
        "permission-model",
        "done_by_roles",
        ("{vm} has one that reads its secrets: Key Vault Secrets User on the vault {vault}. That is right",),
        ("Choose roles below", AS_IT_IS),
        choices=("roles",),
    ),
    row(
        "role-inherited-from-group",
        "permission-model",
        "done_by_roles",
        ("Key Vault Secrets User on the resource group", "That is right"),
        ("Choose roles below", AS_IT_IS),
        choices=("roles",),
    ),
    row(
        "role-reader",
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
        ("Key Vault Reader", "but not the one that reads a secret's value"),
        (ASSIGN,),
        names=ROLES,
        remedy="assign-role",
    ),
    role("role-for-student", "role_for_other_identity", NO_ROLE, OWNER_PERHAPS),
    role("role-for-other-vm", "role_for_other_vm", NO_ROLE, "another machine: {vm}-2", choices=("{vm}-2",)),
    role("role-for-user-identity", "role_for_user_assigned", NO_ROLE, "user-assigned identity id-lab"),
    role(
        "role-for-former-identity",
        "role_for_other_identity",
        NO_ROLE,
        "an app or a managed identity; perhaps an identity that {vm} had before",
    ),
    role(
        "role-missing",
        "role_for_former_identity",
        NO_ROLE,
        "the identity that {vm} had before",
        title="The VM was recreated after the portal had looked at it",
        before=(Looked("grant-access"), Scenario("role-for-former-identity")),
    ),
    role(
        "role-missing",
        "role_for_application_id",
        NO_ROLE,
        "application (client) id of the identity of {vm}",
        title="The role is for the VM's application id",
        before=(given(principal="{appid}"),),
    ),
    role(
        "role-missing",
        "role_for_no_identity",
        NO_ROLE,
        "the id of your subscription",
        title="The role is for the id of the subscription",
        before=(given(principal="{subscription_id}"),),
    ),
    role(
        "role-on-other-vault",
        "role_on_other_scope",
        "on the vault {vault}-2",
        title="The VM is a Reader of the subscription, and reads secrets in another vault only",
        then=(ASSIGN, "if {vault}-2 is the vault of your lab"),
        choices=("{vault}-2",),
        before=(given(READER, scope=""),),
    ),
    role(
        "role-for-other-vm",
        "role_for_other_vm",
        NO_ROLE,
        "another machine: {vm}-2",
        title="The VM is a Reader of the subscription, and the role is for another VM",
        choices=("{vm}-2",),
        before=(given(READER, scope=""),),
    ),
    role(
        "role-missing",
        "role_only_for_caller",
        "Its access policy there does nothing",
        title="The VM has an access policy instead of a role",
        before=(policies(("{oid}", {"secrets": ["get"]})),),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_for_other_service",
        ("Of my own has data actions, but of other services",),
        (ASSIGN,),
        title="The VM's role opens storage",
        names=ROLES,
        remedy="assign-role",
        before=own_role(actions=[], dataActions=["Microsoft.Storage/storageAccounts/blobServices/*"]),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_without_get",
        ("getSecret", "The NotDataActions take it away"),
        (ASSIGN,),
        title="A role of the student's own takes reading away again",
        names=ROLES,
        remedy="assign-role",
        before=own_role(actions=[], dataActions=[f"{SECRETS}/*"], notDataActions=[f"{SECRETS}/getSecret/action"]),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_of_control_plane",
        ("names getSecret under Actions",),
        (ASSIGN,),
        title="A role of the student's own names the data action among its actions",
        names=ROLES,
        remedy="assign-role",
        before=own_role(actions=[f"{SECRETS}/getSecret/action"]),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_wider_than_needed",
        ("Of my own also lets it write secrets", "use keys"),
        title="A role of the student's own gives every data action",
        names=ROLES,
        before=own_role(actions=[], dataActions=["*"]),
    ),
    row(
        "role-right",
        "policy-rights",
        "role_wider_than_needed",
        (
            "A remark: Key Vault Secrets Officer also lets it",
            "Key Vault Secrets Officer is given on the resource group {resource_group}, and so opens every other vault",
        ),
        title="The VM has two roles, one of which is wide",
        names=ROLES,
        before=(given(OFFICER, scope=GROUP),),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_reads_secrets",
        title="The role has a condition that is about something else",
        names=ROLES,
        before=(given(condition="((!(ActionMatches{'Microsoft.Storage/*'})) OR (@Resource[a:b] StringEquals 'x'))"),),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_with_condition",
        ("on the vault {vault} with a condition", "Only Azure knows", "StringEquals 'x'"),
        ("Check Task 4", "az role assignment delete --ids", ASSIGN),
        title="The role has a condition that only Azure can tell",
        names=ROLES,
        before=(given(condition="@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'"),),
    ),
    row(
        "role-missing",
        "policy-rights",
        "role_condition_denies",
        ("keeps it from reading a secret's value",),
        ("Give it the role without a condition", "az role assignment delete --ids", ASSIGN),
        title="The role has a condition that takes reading away",
        names=ROLES,
        before=(given(condition=f"!(ActionMatches{{'{SECRETS}/getSecret/action'}})"),),
    ),
    row(
        "policy-get-only",
        "permission-model",
        "done_by_policies",
        ("{vault} goes by access policies, and one lets {vm} get secrets: that is right",),
        ("Choose access policies below", AS_IT_IS),
        names=ROLES,
        choices=("policies",),
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

ON_A_CONDITION = given(condition="@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'")

ELSEWHERE = (
    Case(
        "role-right",
        "create-vault",
        "vault-permission-model",
        "done_by_roles",
        ("That is right",),
        ("Choose roles below", AS_IT_IS),
        choices=("roles",),
        title="Task 3 is done by a role, and the walk is set to policies: Task 1",
    ),
    Case(
        "policy-right",
        "create-vault",
        "vault-permission-model",
        "done_by_policies",
        ("that is right",),
        ("Choose access policies below", AS_IT_IS),
        choices=("policies",),
        names=ROLES,
        title="Task 3 is done by a policy, and the walk is set to roles: Task 1",
    ),
    Case(
        "role-right",
        "read-secret",
        "same-identity",
        "done_by_roles",
        ("That is right",),
        ("Choose roles below", AS_IT_IS),
        choices=("roles",),
        title="Task 3 is done by a role, and the walk is set to policies: Task 4",
        mode=Mode.CARRY_OUT,
    ),
    Case(
        "role-missing",
        "read-secret",
        "secret-read",
        "condition_not_met",
        ("the role Key Vault Secrets User on the vault {vault}, with a condition", "does not find the condition met"),
        ("the check of Task 3 says how",),
        names=ROLES,
        title="The VM's role has a condition, which is not met",
        before=(ON_A_CONDITION,),
        mode=Mode.CARRY_OUT,
    ),
)
