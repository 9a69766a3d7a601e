"""Why the vault did not give the VM the secret: each of Azure's refusals, and the way out."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, looks
from steps.kit.azure import Seen
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding


def refusal(ctx: Context, facts: Facts, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    status = int(told.value["answer_status"])
    if status == 401:
        return _token_refused(ctx, told, wanted=wanted)
    if status == 403:
        return _forbidden(ctx, facts, told, wanted=wanted)
    if status == 404:
        return _not_found(ctx, told, wanted=wanted)
    if status == 429 or status >= 500:
        return could_not_tell(
            "vault_busy",
            wanted=wanted,
            found=f"{ctx.names.vault} was busy (status {status}).",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if status == 0:
        return _unreachable(ctx, told, wanted=wanted)
    return could_not_tell(
        "vault_answer_unknown",
        wanted=wanted,
        found=f"{ctx.names.vault} answered {status}: {_said(told)}",
        next_step=LOOKS_AGAIN,
        seen=(told,),
    )


def _said(told: Seen[dict[str, str]]) -> str:
    """Azure's code and message; the script and its reader have taken out anything like a token."""
    return f"{told.value['answer_code']} {told.value['answer_message']}".strip()


def _token_refused(ctx: Context, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    return not_yet(
        "vault_refuses_token",
        wanted=wanted,
        found=f"{ctx.names.vault} does not accept the VM's token: {_said(told)}",
        next_step=f"Vault and VM must belong to the same tenant. If {ctx.names.vault} came from another one, "
        "delete it and create it again in this subscription.",
        seen=(told,),
    )


def _not_found(ctx: Context, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    names = ctx.names
    return not_yet(
        "vm_found_no_secret",
        wanted=wanted,
        found=f"{names.vault} told the VM that it has no {names.secret}.",
        next_step=f"Do Task 2: create {names.secret}. If it was deleted, recover it under Manage deleted secrets.",
        seen=(told,),
    )


def _unreachable(ctx: Context, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    names = ctx.names
    return could_not_tell(
        "vault_unreachable_from_vm",
        wanted=wanted,
        found=f"{names.vm} could not connect to {names.vault_uri}: {_said(told)}",
        next_step=f"Check that the network of {names.vm} lets it out to the internet on port 443.",
        seen=(told,),
    )


def _forbidden(ctx: Context, facts: Facts, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    names, code = ctx.names, told.value["answer_code"].casefold()
    if code == "forbiddenbyfirewall":
        return not_yet(
            "vault_firewall",
            wanted=wanted,
            found=f"The firewall of {names.vault} does not let {names.vm} in.",
            next_step=f"Open {names.vault}, Settings, Networking, and allow public access from all networks, "
            f"or the network of {names.vm}.",
            seen=(told,),
        )
    if code == "forbiddenbyrbac":
        return not_yet(
            "vault_wants_role",
            wanted=wanted,
            found=f"{names.vault} goes by roles, and {names.vm} has none there; access policies do not count.",
            next_step=f"Open {names.vault}, Settings, Access configuration, choose Vault access policy, and apply.",
            seen=(told,),
        )
    if code in {"accessdenied", "forbiddenbypolicy"}:
        return _denied(ctx, facts, told, wanted=wanted)
    return not_yet(
        "vault_forbids",
        wanted=wanted,
        found=f"{names.vault} forbids reading {names.secret}: {_said(told)}",
        next_step=f"See in Task 2 that {names.secret} is enabled and active.",
        seen=(told,),
    )


def _denied(ctx: Context, facts: Facts, told: Seen[dict[str, str]], *, wanted: str) -> Finding:
    """A policy that Azure shows but does not apply yet is nothing the student can mend."""
    names, vault = ctx.names, facts.of(looks.VAULT)
    if vault.value is not None and "get" in common.rights(vault.value, told.value["oid"]):
        return could_not_tell(
            "policy_not_in_effect_yet",
            wanted=wanted,
            found=f"{names.vault} has the access policy, but still turns {names.vm} away. "
            "A fresh policy takes a moment to count.",
            next_step=LOOKS_AGAIN,
            seen=(vault, told),
        )
    return not_yet(
        "vault_denies_vm",
        wanted=wanted,
        found=f"{names.vault} does not let the identity of {names.vm} get secrets.",
        next_step=f"Do Task 3: an access policy of the template Secret Management for {names.vm}.",
        seen=(vault, told),
    )
