"""Rows about Task 4: what keeps the machine from being asked, and its token."""

from __future__ import annotations

from tests.verdicts.before import (
    CarriedOut,
    Dropped,
    Looked,
    Scenario,
    arm_says,
    imds_gives,
    imds_refuses,
    imds_says,
    script_prints,
)
from tests.verdicts.case import Case
from tests.verdicts.preflight import WAITS

NO_ID = "value : x"
"""Pasted, it ends the check at its first look: there is something to do whatever Azure says."""
STRANGE = "99999999-9999-4999-8999-999999999999"
RBAC_MESSAGE = "Caller is not authorized to perform action on resource."
FIREWALL = "Client address is not authorized and caller is not a trusted service.\r\nClient address: 20.1.2.3\r\n"


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "read-secret", check, reason, found, next_step, **more)  # type: ignore[arg-type]


def ready(check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    return row("read-ready", check, reason, *facts, **more)


HINDRANCES = (
    ready("vm-answered", "vm_answered"),
    row(
        "read-vm-stopped",
        "vm-answered",
        "vm_not_running",
        ("{vm} is deallocated",),
        ("az vm start --resource-group {resource_group} --name {vm}",),
        remedy="start-vm",
    ),
    row("read-agent-not-ready", "vm-answered", "vm_agent_not_ready", ("its agent is not ready",), ("restart {vm}",)),
    row(
        "read-command-running",
        "vm-answered",
        "vm_runs_another_command",
        ("another Run Command",),
        (WAITS, "let it end"),
    ),
    ready(
        "vm-answered",
        "vm_command_never_ended",
        ("Azure still calls it running",),
        ("restart {vm}",),
        title="The Run Command never ends",
        before=(Scenario("operation-never-ends"),),
        paste=NO_ID,
        also={"own-response": "answer_without_id"},
    ),
    ready(
        "vm-answered",
        "vm_runs_another_command",
        ("most likely the portal's own, which at",),
        (WAITS, "restart {vm}"),
        title="The portal's own Run Command hung, and still runs at the next look",
        before=(Scenario("operation-never-ends"), Looked("read-secret", NO_ID)),
        paste=NO_ID,
        also={"own-response": "answer_without_id"},
    ),
    row(
        "operation-fails",
        "vm-answered",
        "vm_command_failed",
        ("could not bring the script to {vm}", "Azure's words: InternalExecutionError"),
        ("The portal looks again", "restart {vm}"),
        title="The Run Command ends in Failed",
        before=(Scenario("read-ready"),),
    ),
    ready(
        "vm-answered",
        "vm_command_failed",
        ("Azure's words: VMExtensionProvisioningTimeout",),
        ("Extensions + applications",),
        title="Azure does not get the Run Command's helper onto the VM",
        before=(
            arm_says(
                409,
                "VMExtensionProvisioningTimeout",
                "Provisioning of VM extension RunCommandWindows has timed out.",
                method="POST",
                path="runCommand",
            ),
        ),
    ),
    ready(
        "vm-answered",
        "vm_answer_unreadable",
        ("not the answer it should print",),
        ("the guide's three commands on {vm}",),
        title="The script prints something else",
        before=(script_prints("nothing of use"),),
    ),
    row("read-secret-flickers", "vm-answered", "vm_not_asked_yet", ("now all is there",), (WAITS,)),
    row(
        "vm-missing",
        "vm-answered",
        "vm_missing",
        ("no virtual machine {vm}",),
        ("a Windows VM named {vm}", "The preflight names the machines"),
    ),
    row("vault-missing", "secret-read", "vault_missing", ("no key vault {vault}",), ("Task 1",)),
    row("secret-missing", "secret-read", "secret_missing", ("{vault} has no {secret}",), ("Create {secret}",)),
    row(
        "read-secret-deleted",
        "secret-read",
        "secret_deleted",
        ("{secret} was deleted",),
        ("az keyvault secret recover --vault-name {vault} --name {secret}",),
        remedy="recover-secret",
    ),
)

TOKENS = (
    ready("token", "token_is_the_vms", ("the VM's own",)),
    row(
        "policy-identity-off",
        "token",
        "vm_identity_off",
        ("identity of {vm} is off",),
        ("az vm identity assign",),
        title="The VM's identity was switched off after Task 3",
        remedy="turn-identity-on",
    ),
    row("imds-410", "token", "imds_updating", ("being updated", "70 seconds"), (WAITS,)),
    row("imds-429", "token", "imds_busy", ("too many requests",), (WAITS,)),
    row("imds-500", "token", "imds_failed", ("an error of its own",), (WAITS,)),
    ready(
        "token",
        "imds_unreachable",
        ("could not reach its metadata service at 169.254.169.254",),
        ("a proxy", "Restarting {vm}"),
        title="The metadata service does not answer",
        before=(Dropped(r"^169\.254\.169\.254$"),),
    ),
    ready(
        "token",
        "imds_refused",
        ("refused the portal's request (status 400)", "invalid_request"),
        ("run the guide's first command on {vm}",),
        title="The metadata service refuses for a reason nobody foresaw",
        before=(imds_refuses("invalid_request", "Something else"),),
    ),
    ready(
        "token",
        "imds_refused",
        ("refused the portal's request (status 403)",),
        ("run the guide's first command on {vm}",),
        title="The metadata service forbids",
        before=(imds_says(403, {"error": "forbidden"}),),
    ),
    ready(
        "token",
        "proxy_on_vm",
        ("A proxy answered {vm} in the place of its metadata service", "407"),
        ("169.254.169.254",),
        title="A proxy on the VM answers in the metadata service's place",
        before=(imds_says(407, {}),),
    ),
    ready(
        "token",
        "imds_identity_not_found",
        ("knows no identity for {vm}", "though Azure says that it has one"),
        ("The portal looks again", "restart {vm}"),
        title="The metadata service does not know the VM's identity yet",
        before=(imds_refuses("invalid_request", "Identity not found"),),
    ),
    ready(
        "token",
        "imds_many_identities",
        ("several user-assigned identities",),
        ("az vm identity assign",),
        title="The VM has several user-assigned identities, and none of its own",
        before=(
            imds_refuses("invalid_request", "Multiple user assigned identities exist, please specify the clientId"),
        ),
        remedy="turn-identity-on",
    ),
    ready(
        "token",
        "token_unreadable",
        ("not with a token that can be read",),
        (WAITS,),
        title="The metadata service answers with something that is no token",
        before=(imds_says(200, {"access_token": "none.at.all", "token_type": "Bearer"}),),
    ),
    ready(
        "token",
        "token_of_other_identity",
        (STRANGE, "{vm} has"),
        ("System assigned is on", "restart {vm}"),
        title="The token is of an identity that is not the VM's",
        before=(imds_gives(oid=STRANGE),),
        also={"secret-read": "vault_refuses_token", "same-identity": "no_policy_for_token_identity"},
    ),
    ready(
        "token",
        "token_of_former_identity",
        (STRANGE, "had before"),
        ("Restart {vm}", "Task 3"),
        title="The token is of the identity that the VM had before",
        before=(
            imds_gives(
                oid=STRANGE,
                xms_mirid="/subscriptions/{subscription_id}/resourcegroups/{resource_group}/providers/"
                "Microsoft.Compute/virtualMachines/{vm}",
            ),
        ),
        also={"secret-read": "vault_refuses_token", "same-identity": "no_policy_for_token_identity"},
    ),
    row(
        "vm-user-identity-only",
        "token",
        "token_of_user_assigned_identity",
        ("user-assigned identity id-lab", "is off"),
        ("az vm identity assign", "may stay"),
        title="The VM has a user-assigned identity only, and all else is ready",
        before=(CarriedOut(("create-vault", "create-secret")),),
        remedy="turn-identity-on",
        also={"secret-read": "vault_denies_vm"},
    ),
    ready(
        "token",
        "token_for_other_audience",
        ("got one for https://management.azure.com/",),
        ("restart {vm}",),
        title="The metadata service gives a token for another service",
        before=(imds_gives(aud="https://management.azure.com/"),),
        also={"secret-read": "vault_refuses_token"},
    ),
    ready(
        "token",
        "token_of_other_tenant",
        ("from the tenant " + STRANGE, "{tenant_id}"),
        ("off and on again", "Task 3"),
        title="The token comes from another tenant",
        before=(imds_gives(tid=STRANGE),),
        also={"secret-read": "vault_refuses_token"},
    ),
)
