"""Pasted words of the metadata service: the first command went wrong, or its answer was pasted."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, looks
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.read_secret.own_response.own import Own, elsewhere
from steps.kit.findings import not_yet
from steps.kit.records import VirtualMachine
from steps.kit.verdict import Finding

_NOT_QUITE = {
    "slash": "The token is made out for https://vault.azure.net/ with a slash at the end, and a vault takes only one "
    "for https://vault.azure.net, without.",
    "one-vault": "The token is made out for the address of one vault, and every vault takes only one for "
    "https://vault.azure.net, with no name before it.",
    "vault": "The token is meant for Key Vault, but not in the words that a vault takes.",
}
_SERVICES = {
    "management": "Azure Resource Manager (https://management.azure.com)",
    "graph": "Microsoft Graph",
    "storage": "Azure Storage",
    "sql": "Azure SQL",
    "other-cloud": "Key Vault in another cloud of Azure's, for a government or for China",
    "other": "another service",
}


def no_header(own: Own) -> Finding:
    return not_yet(
        "answer_without_metadata_header",
        wanted=own.wanted,
        found="The metadata service gave no token, because the first command did not send the header Metadata: true.",
        next_step=f'End the first command with -Headers @{{Metadata="true"}}, as the guide does. {own.again}',
        seen=own.seen,
    )


def resource_missing(own: Own) -> Finding:
    return not_yet(
        "answer_without_resource",
        wanted=own.wanted,
        found="The metadata service gave no token, because the first command did not say what it is for: the part "
        "resource= is missing from its address.",
        next_step=f"Copy the first command whole from the guide, with the quotes around the address. {own.again}",
        seen=own.seen,
    )


def resource_unknown(own: Own) -> Finding:
    return not_yet(
        "answer_with_unknown_resource",
        wanted=own.wanted,
        found="The metadata service gave no token, because it knows no service of the name that the first command "
        "asked for.",
        next_step="The resource must be https://vault.azure.net, spelled https%3A%2F%2Fvault.azure.net in the address: "
        f"not the address of {own.names.vault} itself. {own.again}",
        seen=own.seen,
    )


def version_missing(own: Own) -> Finding:
    return not_yet(
        "answer_without_api_version",
        wanted=own.wanted,
        found="The metadata service gave no token, because api-version is missing from the address, or mistyped.",
        next_step=f"Copy the first command whole from the guide, with api-version=2018-02-01 in it. {own.again}",
        seen=own.seen,
    )


def no_identity(own: Own) -> Finding:
    names = own.names
    machine = if_told(own.facts, looks.VM).value
    next_step = (
        f"Open {names.vm}, Security, Identity, and set Status to On under System assigned; or: "
        f"`{az.identity_on(names)}`. {own.again}"
    )
    if isinstance(machine, VirtualMachine) and machine.principal_id:
        next_step = f"{names.vm} has its identity now. {own.once_more} If it says the same, you are on another machine."
    return not_yet(
        "answer_identity_not_found",
        wanted=own.wanted,
        found="The metadata service knew no identity for the machine when you ran the first command, or none of the id "
        "that it named.",
        next_step=next_step,
        seen=own.seen,
    )


def many_identities(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_many_identities",
        wanted=own.wanted,
        found="The machine has several user-assigned identities and none of its own, and the metadata service does not "
        "choose among them.",
        next_step=f"Switch on the identity of {names.vm} itself: `{az.identity_on(names)}`. {own.again}",
        seen=own.seen,
    )


def busy(own: Own) -> Finding:
    return not_yet(
        "answer_imds_busy",
        wanted=own.wanted,
        found="The metadata service was busy, or being updated, just when you asked it. That is nothing you did.",
        next_step=f"Wait a minute. {own.again}",
        seen=own.seen,
    )


def refused(own: Own) -> Finding:
    return not_yet(
        "answer_imds_refused",
        wanted=own.wanted,
        found="The metadata service answered the first command with an error, and your paste gives no reason that the "
        "portal knows. Mostly the address or the header is mistyped.",
        next_step=f"Copy the first command whole from the guide, and run it on {own.names.vm}. {own.again}",
        seen=own.seen,
    )


def unreachable(own: Own) -> Finding:
    vm = own.names.vm
    return not_yet(
        "answer_not_run_on_vm",
        wanted=own.wanted,
        found="The first command reached no metadata service at 169.254.169.254. Only a virtual machine in Azure has "
        "one: your own computer and Cloud Shell have none.",
        next_step=f"Run all three commands on {vm}: in the Azure portal open {vm}, Operations, Run command, "
        "RunPowerShellScript, or connect to it with Remote Desktop. Then paste what the last one prints.",
        seen=own.seen,
    )


def token(own: Own) -> Finding:
    """The token itself was pasted: of it only whom it is of and what it is for is known here."""
    tid = own.said.get("tid", "")
    if own.said.get("aud", "vault") != "vault":
        return other_audience(own)
    if tid and not same(tid, own.names.tenant_id):
        return other_tenant(own)
    taken = elsewhere(own)
    if taken is not None:
        return taken
    return not_yet(
        "answer_is_the_token",
        wanted=own.wanted,
        found="That is the token, the answer of the first or second command. The portal kept nothing of it that could "
        "be used.",
        next_step="Run the third command too: it shows the token to the vault. Paste what that one prints. And show a "
        "token to nobody: whoever has it can read your secret until it runs out.",
        seen=own.seen,
    )


def other_audience(own: Own) -> Finding:
    aud = own.said.get("aud", "other")
    meant = _SERVICES.get(aud, _SERVICES["other"])
    found = f"The token is meant for {meant}, and {own.names.vault} takes only one that is meant for "
    found += "Key Vault, https://vault.azure.net."
    return not_yet(
        "answer_token_for_other_audience",
        wanted=own.wanted,
        found=_NOT_QUITE.get(aud, found),
        next_step="In the first command ask for resource=https%3A%2F%2Fvault.azure.net, as the guide does. "
        f"{own.again}",
        seen=own.seen,
    )


def other_tenant(own: Own) -> Finding:
    names, tid = own.names, own.said.get("tid", "")
    which = f"from the tenant {tid}" if tid else "from another tenant"
    return not_yet(
        "answer_token_of_other_tenant",
        wanted=own.wanted,
        found=f"The token comes {which}, and {names.vault} trusts only {names.tenant_id}, your subscription's.",
        next_step=f"Run the commands on {names.vm}, in your own subscription. If you did, {names.vault} is another "
        "one's: see Task 1.",
        seen=own.seen,
    )
