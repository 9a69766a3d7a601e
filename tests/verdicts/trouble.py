"""Rows about Azure in trouble, about credentials, and about what ends an action."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import CarriedOut, Impatient, Scenario, Step, arm_says
from tests.verdicts.case import Case
from tests.verdicts.preflight import WAITS

SIGN_IN = ("Sign in again", "goes on by itself")
FAULT_OURS = "The fault is ours"


def looked(scenario: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    """What a check says of Task 1 that could not look."""
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "create-vault", "vault-exists", reason, found, next_step, **more)  # type: ignore[arg-type]


def carried_out(
    task: str, action: str, reason: str, *facts: tuple[str, ...], scenario: str = "", **more: object
) -> Case:
    """What ended an action of the portal's."""
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, task, action, reason, found, next_step, mode=Mode.CARRY_OUT, **more)  # type: ignore[arg-type]


def kept_from_it(mode: Mode, task: str, check: str, reason: str, fault: Step, **more: object) -> Case:
    """The portal was about to do it, and Azure's trouble kept it from that: nobody's to mend."""
    found, next_step = ("The portal was kept from changing that.", "slow down"), ("Azure's trouble, not yours", AGAIN)
    facts = {"title": "", "before": (), **more}
    before = (*facts.pop("before"), fault)  # type: ignore[misc]
    return Case("", task, check, reason, found, next_step, mode=mode, before=before, **facts)  # type: ignore[arg-type]


AGAIN = "let the portal try once more"
THREE = CarriedOut(("create-vault", "create-secret", "grant-access"))


def throttled(path: str, method: str) -> Step:
    return arm_says(429, "TooManyRequests", "Too many requests.", path=path, method=method)


KEPT_FROM_IT = (
    kept_from_it(
        Mode.CARRY_OUT,
        "create-vault",
        "vault-exists",
        "vault_missing",
        throttled("/vaults/[^/]+$", "PUT"),
        title="Azure throttles while the portal makes the vault",
    ),
    kept_from_it(
        Mode.CARRY_OUT,
        "grant-access",
        "policy-exists",
        "policy_only_for_caller",
        throttled("/accessPolicies/add", "PUT"),
        title="Azure throttles while the portal lets the machine in",
        before=(CarriedOut(("create-vault", "create-secret")),),
    ),
    kept_from_it(
        Mode.REPAIR,
        "preflight",
        "vm",
        "vm_not_running",
        throttled("/start", "POST"),
        title="Azure throttles while the portal starts the machine",
        before=(Scenario("vm-deallocated"),),
        remedy="start-vm",
    ),
    Case(
        "",
        "grant-access",
        "access-gone",
        "access_still_there",
        ("{vm} still has the permissions", "slow down"),
        ("Azure's trouble, not yours", AGAIN, "Or open {vault}, Access policies"),
        mode=Mode.UNDO,
        title="Azure throttles while the portal takes the access back",
        before=(THREE, throttled("/accessPolicies/(remove|replace)", "PUT")),
    ),
    Case(
        "",
        "clean-up",
        "vaults",
        "lab_vaults_left",
        ("Still there, with what is in it: {vault}", "slow down"),
        ("Azure's trouble, not yours", AGAIN, "az keyvault delete --name {vault}"),
        mode=Mode.CARRY_OUT,
        title="Azure throttles while the portal cleans up",
        before=(CarriedOut(("create-vault",)), throttled("/vaults/[^/]+$", "DELETE")),
    ),
)

CASES = (
    *KEPT_FROM_IT,
    looked("throttled-with-retry-after", "throttled", ("slow down",), (WAITS,)),
    looked("throttled-without-retry-after", "throttled", ("slow down",), (WAITS,)),
    looked("azure-500", "azure_unavailable", ("an error of its own",), (WAITS,)),
    looked("azure-503", "azure_unavailable", ("an error of its own",), (WAITS,)),
    looked("azure-hiccup", "vault_missing", ("no key vault {vault}",), ("Create {vault}",)),
    looked("entra-503", "azure_unavailable", ("an error of its own",), (WAITS,)),
    looked(
        "azure-time-out",
        "timed_out",
        ("no answer in the time",),
        (WAITS,),
        before=(Impatient(0.2),),
        title="ARM does not answer in time",
    ),
    looked("reset-before", "unreachable", ("broke off",), (WAITS,)),
    looked("reset-after", "unreachable", ("broke off",), (WAITS,)),
    looked("client-secret-expired", "credential_expired", ("has run out",), SIGN_IN),
    looked("client-secret-revoked", "credential_rejected", ("does not accept the credential",), SIGN_IN),
    looked("sign-in-revoked", "credential_rejected", ("does not accept the credential",), SIGN_IN),
    looked("client-app-deleted", "credential_rejected", ("does not accept the credential",), SIGN_IN),
    looked("token-expired", "credential_rejected", ("does not accept the credential",), SIGN_IN),
    looked("wrong-audience", "credential_rejected", ("does not accept the credential",), SIGN_IN),
    looked("caller-without-roles", "not_authorized", ("does not let it do this",), ("the role that it lacks",)),
    Case("vault-reset", "create-secret", "secret-exists", "secret_there"),
    Case("vault-time-out", "create-secret", "secret-exists", "secret_there"),
    Case("azure-slow", "preflight", "vm", "vm_up"),
    Case("propagation-delay", "preflight", "vm", "vm_up"),
    carried_out(
        "create-vault",
        "create-vault",
        "operation_failed",
        ("reported that it failed",),
        ("Try once more",),
        scenario="operation-fails",
        also={"vault-ready": "vault_setup_failed"},
    ),
    Case("operation-never-ends", "create-vault", "vault-exists", "vault_missing", ("{vault}",), ("Create {vault}",)),
    carried_out(
        "create-vault",
        "create-vault",
        "policy_denied",
        ("A policy set on your subscription forbids this",),
        ("an exception",),
        scenario="policy-denies-vault",
        also={"vault-exists": "policy_denies_vault"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "protected",
        ("The subscription is disabled",),
        ("Reactivate",),
        scenario="subscription-disabled",
        also={"vault-exists": "subscription_not_enabled"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "name_taken",
        ("already in use",),
        ("another name",),
        scenario="vault-name-taken",
        also={"vault-exists": "vault_name_taken"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "name_in_deleted_state",
        ("was deleted, and Azure keeps the name",),
        ("Recover or purge it",),
        scenario="vault-deleted",
        also={"vault-exists": "vault_name_deleted"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "not_registered",
        ("has not registered the resource provider",),
        ("Resource providers",),
        scenario="provider-key-vault-not-registered",
        also={"vault-exists": "provider_not_registered"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "not_authorized",
        ("does not let it do this",),
        ("Task 0, Before you start: it names the identity",),
        scenario="caller-reader",
        also={"vault-exists": "vault_missing"},
    ),
    carried_out(
        "create-vault",
        "vault-exists",
        "vault_missing",
        ("the identity of your connection may not (Microsoft.KeyVault/vaults/write)",),
        ("Give the identity with the object id {caller} the role Contributor", "let the portal try once more"),
        title="The portal was to make the vault, and its connection may only look",
        scenario="caller-reader",
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "conflict",
        ("busy with another operation",),
        (WAITS,),
        title="Azure is busy with the vault when it is to be made",
        before=(arm_says(409, "ConflictError", "Another operation is in progress.", method="PUT", path="/vaults/"),),
        also={"vault-exists": "vault_missing"},
    ),
    carried_out(
        "create-secret",
        "create-secret",
        "blocked",
        ("{vault}",),
        ("What the checks find says what to do",),
        title="The secret is to be made before the vault",
        also={"secret-exists": "vault_missing"},
    ),
    carried_out(
        "create-vault",
        "create-vault",
        "not_found",
        ("does not find the resource",),
        ("the tasks before this one",),
        title="The resource group disappears while the vault is made",
        before=(arm_says(404, "ResourceGroupNotFound", "Not found.", method="PUT", path="/vaults/"),),
        also={"vault-exists": "vault_missing"},
    ),
    looked(
        "",
        "invalid_request",
        ("did not accept what the portal asked",),
        ("the fault is ours",),
        title="Azure does not accept what the portal asks",
        before=(arm_says(400, "BadRequest", "The request is not valid."),),
    ),
    looked(
        "",
        "unexpected",
        ("does not know how to read",),
        (FAULT_OURS, "not yours"),
        title="Azure answers with a status nobody foresaw",
        before=(arm_says(418, "Teapot", "Short and stout."),),
    ),
)
