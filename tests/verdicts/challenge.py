"""Rows about the challenge: the machine without its access, and whether it has that back."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import (
    GROUP,
    CarriedOut,
    Fault,
    Scenario,
    arm_says,
    azure_is_away,
    locked,
    not_there,
    script_prints,
    vault_says,
)
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES

VAULTS = r"\.vault\.azure\.net$"
READS = {"value": "x", "id": "{vault_uri}secrets/{secret}/{version}", "attributes": {"enabled": True}}
SILENT = {"what-happened": "challenge_no_answer", "access-back": "challenge_not_read_again"}


ASKED = ("run_powershell", "vault", "virtual_machine", "add_access_policy")


def row(check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    told: dict[str, object] = {"mode": Mode.CARRY_OUT, "answers": {"prediction": "refused"}, **more}
    scenario = str(told.pop("scenario", "read-ready"))
    return Case(scenario, "challenge", check, reason, found, next_step, **told)  # type: ignore[arg-type]


CASES = (
    row("what-happened", "challenge_refused", ("403 Forbidden (AccessDenied)",)),
    row("access-back", "challenge_access_back", ("back as it was", "{vm} has read {secret}")),
    row(
        "what-happened",
        "challenge_refused",
        ("403 Forbidden (ForbiddenByRbac)",),
        scenario="role-right",
        names=ROLES,
    ),
    row(
        "what-happened",
        "challenge_not_begun",
        ("Nothing has been taken from {vm}",),
        ("take the challenge",),
        title="The challenge was not taken yet",
        mode=Mode.VALIDATE,
    ),
    row(
        "prediction",
        "challenge_not_foreseen",
        ("The machine still reads the secret", "It answered 403", "anew with each request"),
        ("choose again",),
        title="The student thought that the token would do",
        answers={"prediction": "reads"},
    ),
    row(
        "what-happened",
        "challenge_still_reads",
        ("went on reading {secret}", "Azure is slow"),
        ("Take the challenge again", "a group of {vm}"),
        title="The vault goes on letting the machine in",
        before=(Fault(VAULTS, 200, READS, path="^/secrets/"),),
    ),
    row(
        "what-happened",
        "challenge_refused_otherwise",
        ("not for its missing access", "ForbiddenByFirewall"),
        ("Check Task 4",),
        title="The vault's firewall turns the machine away",
        before=(vault_says(403, "Forbidden", "Client address is not authorized.", "ForbiddenByFirewall"),),
        also={"access-back": "challenge_not_read_again"},
    ),
    row(
        "what-happened",
        "challenge_vault_in_trouble",
        ("{vault} answered 503 ServiceUnavailable to {vm}",),
        ("Azure's trouble, not yours", "Take the challenge again"),
        title="The vault is unavailable for as long as the portal asks",
        before=(vault_says(503, "ServiceUnavailable", "Try again later."),),
        also={"access-back": "challenge_not_read_again"},
    ),
    row(
        "what-happened",
        "challenge_locked",
        ("Nothing was taken from {vm}", "a lock on the resource group {resource_group}"),
        ("Settings, Locks, Delete", "Then take the challenge again"),
        title="A read-only lock on the group keeps the access from being taken away",
        before=(locked(GROUP, "ReadOnly"),),
    ),
    row(
        "what-happened",
        "challenge_access_inherited",
        ("the role Key Vault Secrets User on the resource group {resource_group}", "go on reading"),
        (
            "on {vault} itself: `az role assignment create",
            "Then take that other one back",
            "Then take the challenge again",
        ),
        title="The machine reads by a role on the resource group",
        scenario="role-inherited-from-group",
        before=(CarriedOut(("create-secret",)),),
        names=ROLES,
    ),
    row(
        "what-happened",
        "challenge_may_not_put_back",
        ("could not put back what it takes", "Nothing was touched"),
        ('--role "Key Vault Contributor"', "by hand, as the guide shows"),
        title="The connection may only look",
        before=(Scenario("caller-reader"),),
    ),
    row(
        "what-happened",
        "vm_not_running",
        ("{vm} is deallocated",),
        ("az vm start", "Then take the challenge again"),
        title="The machine is off when the challenge is taken",
        before=(Scenario("vm-deallocated"),),
    ),
    row(
        "what-happened",
        "policy_missing",
        ("{vault} has no access policy at all",),
        ("az keyvault set-policy --name {vault}", "Then take the challenge again"),
        title="The policy is gone when the challenge is taken",
        before=(Scenario("policy-missing"),),
    ),
    row(
        "access-back",
        "challenge_vault_gone",
        ("{vault} is gone from {resource_group}", "went with it"),
        ("az keyvault recover --name {vault}", "take the challenge again"),
        title="The vault is deleted while the machine has no access",
        before=(not_there("/vaults/[^/]+$", after=6),),
    ),
    row(
        "access-back",
        "challenge_access_unknown",
        ("has not let the portal put it back for a long time",),
        ("take the challenge again", "az keyvault set-policy --name {vault}"),
        title="Azure is in trouble for hours once the access is away",
        before=(azure_is_away(after=8),),
        also={"what-happened": "azure_unavailable"},
    ),
    row(
        "what-happened",
        "challenge_no_answer",
        ("no answer of {vault} that tells anything",),
        ("Take the challenge again",),
        title="The script prints something else",
        before=(script_prints("nothing of use"),),
        also=SILENT,
    ),
    row(
        "access-back",
        "challenge_not_read_again",
        ("{vm} has not read {secret} since",),
        ("check Task 4", "take the challenge again"),
        title="The script goes on printing something else",
        before=(script_prints("nothing of use"),),
        also=SILENT,
    ),
    row(
        "access-back",
        "challenge_access_not_in_effect",
        ("back as it was", "still turns {vm} away"),
        ("check Task 4", "take the challenge again"),
        title="The access is back, and the vault does not know yet",
        before=(vault_says(403, "Forbidden", "The identity does not have secrets get permission.", "AccessDenied"),),
    ),
    row(
        "access-back",
        "challenge_access_away",
        ("{vm} still lacks", "could not put that back"),
        ("Take the challenge again", "az keyvault set-policy --name {vault}"),
        title="Azure does not take the access back",
        before=(arm_says(409, "ScopeLocked", "The scope is locked.", path="/accessPolicies/add"),),
    ),
)
