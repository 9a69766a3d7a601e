"""Before the first task."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.create_vault.task import TASK as CREATE_VAULT
from steps.key_vault_managed_identity.preflight.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import (
    NameAvailability,
    Permission,
    PolicyDenial,
    ResourceGroup,
    Subscription,
)
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    FakeAzure,
    a_user_identity,
    a_vault,
    a_vm,
    a_vm_named,
    after_task,
    problem,
)
from tests.steps.fake_vaults import ROLES_ONLY
from tests.steps.walking import Walk, context, walk

WAITS = "waits_for_another_check"


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def complaints(walked: Walk) -> dict[str, str]:
    """What did not pass, without those that only wait for another check."""
    told = {check: one.finding for check, one in walked.tape.evidence.items()}
    return {c: f.reason for c, f in told.items() if f.verdict is not Verdict.PASSED and f.reason != WAITS}


def test_it_cannot_be_carried_out() -> None:
    assert not TASK.can_carry_out


def test_a_fresh_student_passes_and_each_thing_is_asked_once(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert dict(azure.calls) == {
        "subscription": 1, "provider": 2, "resource_group": 1, "virtual_machine": 1, "vault": 1,
        "vault_name_availability": 1, "permissions": 1, "permissions_in_subscription": 1,
        "locks": 1, "vault_denials": 1,
    }  # fmt: skip


def test_a_vault_already_made_does_not_make_its_name_taken(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(1), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("vault-name").reason == "vault_name_yours"


Change = Callable[[FakeAzure], None]


def setting(**changes: object) -> Change:
    def change(azure: FakeAzure) -> None:
        for name, value in changes.items():
            setattr(azure, name, value)

    return change


def in_state(state: str) -> Change:
    return setting(seen_subscription=Subscription(NAMES.subscription_id, "Anna's", state))


def failing(call: str, kind: ProblemKind, code: str = "SomeCode", times: int = 200) -> Change:
    return setting(before={call: [problem(kind, code=code) for _ in range(times)]})


TAKEN, ODD = NameAvailability(False, "AlreadyExists", ""), NameAvailability(False, "AccountNameInvalid", "")
LENT = a_user_identity("id-lent", "another-principal")
ONLY_LENT = a_vm(principal_id="", identity_type="UserAssigned", user_identities=(LENT,))
GOING = ResourceGroup(GROUP_PATH, NAMES.resource_group, NAMES.location, "Deleting")
DENIED = (PolicyDenial("Only with purge protection", "Vaults need purge protection"),)


def providers(vault: str, compute: str = "Registered") -> Change:
    return setting(providers={"Microsoft.KeyVault": vault, "Microsoft.Compute": compute})


@pytest.mark.parametrize(
    ("change", "check", "reason", "said"),
    [
        (setting(seen_subscription=None), "subscription", "subscription_not_visible", NAMES.subscription_id),
        (
            failing("subscription", ProblemKind.NOT_AUTHORIZED),
            "subscription",
            "subscription_not_visible",
            "Contributor",
        ),
        (
            failing("subscription", ProblemKind.CREDENTIAL_REJECTED, "InvalidAuthenticationTokenTenant"),
            "subscription",
            "subscription_in_other_directory",
            NAMES.tenant_id,
        ),
        (in_state("Disabled"), "subscription", "subscription_not_enabled", "Anna's is Disabled"),
        (in_state("Expired"), "subscription", "subscription_not_enabled", "reactivate"),
        (in_state("Warned"), "subscription", "subscription_warned", "follow the notice"),
        (setting(may=(Permission(("*/read",)),)), "rights", "rights_missing", "Microsoft.KeyVault/vaults/write"),
        (providers("NotRegistered"), "provider-keyvault", "provider_not_registered", "az provider register"),
        (providers("Registered", ""), "provider-compute", "provider_not_registered", "Microsoft.Compute"),
        (setting(group=None), "resource-group", "group_missing", "az group create"),
        (setting(group=GOING), "resource-group", "group_being_deleted", "everything in it"),
        (setting(vm=None), "vm", "vm_missing", f"named {NAMES.vm}"),
        (setting(vm=None, other_vms=[a_vm_named("vm-b", "p")]), "vm", "vm_under_other_name", "vm-b"),
        (setting(vm=a_vm(power_state="deallocated")), "vm", "vm_not_running", "az vm start"),
        (setting(vm=a_vm(os_type="Linux")), "vm", "vm_not_windows", "Linux"),
        (setting(vm=a_vm(principal_id="", identity_type="")), "vm-identity", "vm_identity_off", "System assigned"),
        (setting(vm=ONLY_LENT), "vm-identity", "vm_only_user_assigned", "id-lent"),
        (setting(availability=TAKEN), "vault-name", "vault_name_taken", "another subscription"),
        (setting(availability=ODD), "vault-name", "vault_name_not_allowed", NAMES.vault),
        (
            setting(availability=TAKEN, kept_vaults=[replace(a_vault(), resource_group="rg-x")]),
            "vault-name",
            "vault_elsewhere",
            "rg-x",
        ),
        (setting(denials=DENIED), "policy", "policy_denies_vault", "Only with purge protection"),
    ],
)
def test_each_thing_missing_is_named_alone(
    pool: ThreadPoolExecutor, change: Change, check: str, reason: str, said: str
) -> None:
    azure = FakeAzure()
    change(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert complaints(walked) == {check: reason}
    finding = walked.finding(check)
    assert said in f"{finding.found} {finding.next_step}"


def test_a_payment_that_is_outstanding_is_a_remark(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    in_state("PastDue")(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert "payment" in walked.finding("subscription").found


def test_a_practice_student_without_a_vm_is_told_the_way_out(pool: ThreadPoolExecutor) -> None:
    step = validate(FakeAzure(vm=None), pool).finding("vm").next_step
    assert f"Create a Windows VM named {NAMES.vm}" in step
    assert "start over on the lab's page" in step


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        (providers("Registering"), "provider-keyvault", "provider_registering"),
        (setting(vm=a_vm(power_state="starting")), "vm", "vm_not_up_yet"),
        (setting(vm=a_vm(power_state="")), "vm", "vm_not_up_yet"),
        (setting(vm=a_vm(agent_status="Not Ready")), "vm", "vm_agent_not_ready"),
    ],
)
def test_what_is_on_its_way_is_looked_at_again(
    pool: ThreadPoolExecutor, change: Change, check: str, reason: str
) -> None:
    azure = FakeAzure()
    change(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding(check).reason == reason
    assert walked.waits


# One cause is told once.


@pytest.mark.parametrize(
    ("change", "cause", "waiting"),
    [
        (setting(vm=None), "vm", {"vm-identity"}),
        (failing("virtual_machine", ProblemKind.TIMED_OUT), "vm", {"vm-identity"}),
        (setting(group=None), "resource-group", {"rights", "locks", "vm", "vm-identity", "policy"}),
        (setting(group=GOING), "resource-group", {"rights", "locks", "vm", "vm-identity", "policy"}),
        (
            setting(seen_subscription=None),
            "subscription",
            {check.id for check in TASK.checks} - {"connection", "subscription"},
        ),
    ],
)
def test_what_rests_on_something_missing_says_only_what_it_waits_for(
    pool: ThreadPoolExecutor, change: Change, cause: str, waiting: set[str]
) -> None:
    azure = FakeAzure()
    change(azure)
    told = {check: one.finding for check, one in validate(azure, pool).tape.evidence.items()}
    assert {check for check, finding in told.items() if finding.reason == WAITS} == waiting
    assert {told[check].waits_for for check in waiting} == {cause}


EVERY_CALL = ("subscription", "provider", "resource_group", "permissions", "virtual_machine", "vault", "vault_denials")


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (ProblemKind.CREDENTIAL_EXPIRED, "connection"),
        (ProblemKind.CREDENTIAL_REJECTED, "connection"),
        (ProblemKind.UNREACHABLE, "connection"),
        (ProblemKind.NOT_AUTHORIZED, "subscription"),
    ],
)
def test_a_connection_that_sees_nothing_is_told_by_one_check(
    pool: ThreadPoolExecutor, kind: ProblemKind, cause: str
) -> None:
    azure = FakeAzure()
    azure.before = {call: [problem(kind) for _ in range(200)] for call in EVERY_CALL}
    walked = validate(azure, pool)
    assert set(complaints(walked)) == {cause}
    assert walked.finding("vm").waits_for == cause
    assert walked.finding("rights").waits_for == cause


def test_an_identity_without_any_role_is_told_so_once_and_how_to_give_it_one(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(may=())
    azure.before = {call: [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)] for call in EVERY_CALL[:3]}
    walked = validate(azure, pool)
    assert complaints(walked) == {"subscription": "subscription_not_visible"}
    assert f"--assignee-object-id {CALLER}" in walked.finding("subscription").next_step


def test_what_the_identity_may_not_see_waits_for_its_rights(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(may=(Permission(("Microsoft.KeyVault/*",)),))
    failing("virtual_machine", ProblemKind.NOT_AUTHORIZED)(azure)
    walked = validate(azure, pool)
    assert complaints(walked) == {"rights": "rights_missing"}
    assert walked.finding("vm").waits_for == "rights"


def test_a_vm_that_nobody_can_ask_for_waits_for_the_registration(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    providers("Registered", "NotRegistered")(azure)
    refusal = problem(ProblemKind.NOT_REGISTERED, message="not registered to use namespace 'Microsoft.Compute'")
    azure.before = {"virtual_machine": [refusal]}
    walked = validate(azure, pool)
    assert complaints(walked) == {"provider-compute": "provider_not_registered"}
    assert walked.finding("vm").waits_for == "provider-compute"


# A role on the resource group is enough.


def test_with_a_role_on_the_group_alone_nothing_is_held_against_the_student(pool: ThreadPoolExecutor) -> None:
    azure, refused = FakeAzure(), ProblemKind.NOT_AUTHORIZED
    calls = ("provider", "vault_name_availability", "vaults_in_subscription", "deleted_vaults", "vault_denials")
    azure.before = {call: [problem(refused) for _ in range(200)] for call in calls}
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.waits == [], "looking again would tell no more"
    assert complaints(walked) == {
        "provider-keyvault": "needs_role_on_subscription",
        "vault-name": "needs_role_on_subscription",
    }
    assert walked.finding("provider-compute").reason == "provider_at_work"
    assert "could not be looked at" in walked.finding("policy").found


def test_with_a_role_on_the_group_alone_the_preflight_passes_once_the_vault_is_there(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.before = {
        call: [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
        for call in ("provider", "vault_name_availability", "vault_denials")
    }
    assert validate(azure, pool).verdict is Verdict.PASSED


# Choices


def test_of_several_machines_the_student_is_asked_which(pool: ThreadPoolExecutor) -> None:
    elsewhere = replace(a_vm_named("vm-far", "p3"), id=a_vm().id.replace("rg-anna", "rg-far"))
    linux = a_vm_named("vm-tux", "", os_type="Linux")
    azure = FakeAzure(vm=None, other_vms=[a_vm_named("vm-b", "p1"), linux, elsewhere])
    finding = validate(azure, pool).finding("vm")
    assert [(one.name, one.value) for one in finding.choices] == [("vm", "vm-b"), ("vm", "vm-tux")]
    assert finding.choices[1].label == "Use vm-tux (Linux, its identity is off)"
    assert "Which of them" in finding.next_step


def test_a_machine_of_the_name_in_another_group_is_found(pool: ThreadPoolExecutor) -> None:
    far = a_vm(id=a_vm().id.replace("rg-anna", "rg-far"))
    finding = validate(FakeAzure(vm=None, other_vms=[far]), pool).finding("vm")
    assert finding.reason == "vm_in_other_group"
    assert "rg-far" in finding.found


def test_a_caller_who_may_not_list_machines_still_hears_that_his_is_missing(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=None)
    failing("virtual_machines", ProblemKind.NOT_AUTHORIZED)(azure)
    assert validate(azure, pool).finding("vm").reason == "vm_missing"


# Azure Policy


def test_where_only_access_policies_are_refused_roles_are_offered(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(denials=(PolicyDenial(ROLES_ONLY, "enableRbacAuthorization is False"),))
    walked = validate(azure, pool)
    finding = walked.finding("policy")
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, "policy_wants_roles")
    assert ROLES_ONLY in finding.found
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "roles")]
    chosen = replace(context(azure), names=replace(NAMES, permission_model="roles"))
    assert walk(TASK, Mode.VALIDATE, chosen, pool).verdict is Verdict.PASSED
    assert walk(CREATE_VAULT, Mode.CARRY_OUT, chosen, pool).verdict is Verdict.PASSED


def test_a_policy_that_came_after_the_vault_is_a_remark(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.denials = DENIED
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert "Only with purge protection" in walked.finding("policy").found


def test_a_question_about_policies_that_azure_does_not_answer_is_asked_again(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    failing("vault_denials", ProblemKind.THROTTLED, times=1)(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits
