"""Answers that are not the one wanted: a part of it, or about something else."""

from __future__ import annotations

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.key_vault_managed_identity.read_secret.vm_told import READ
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding

_LAST = "End the last command with | Format-List, as the guide does."
_TOOLS = {"az": "the Azure CLI", "powershell": "Get-AzKeyVaultSecret", "portal": "the Azure portal"}


def id_cut_off(own: Own) -> Finding:
    return not_yet(
        "answer_cut_off",
        wanted=own.wanted,
        found=f"The secret's identifier is in your response, but {_how(own)}.",
        next_step=f"{_LAST} {own.again} The identifier begins with https:// and ends in 32 letters and digits.",
        seen=own.seen,
    )


def _how(own: Own) -> str:
    length = int(own.said.get("length", "-1"))
    if own.said.get("of") == "start":
        return "not whole: its beginning, https://, is missing"
    if own.said.get("of") == "spaces":
        return "with spaces or lines in it that do not belong. Copy it as text, not from a picture"
    if length == 0:
        return "not whole: its version is missing"
    if length > 0:
        return f"its version has {length} letters and digits instead of 32"
    return "not whole: it ends in dots. PowerShell cuts off what does not fit into a column of its table"


def id_left_out(own: Own) -> Finding:
    return not_yet(
        "answer_without_id",
        wanted=own.wanted,
        found="That looks like the vault's answer, but the line with the id is not in it. The value was dropped at "
        "once.",
        next_step=f"{_LAST} {own.again} Paste all of it, with the line that begins with id.",
        seen=own.seen,
    )


def listing(own: Own) -> Finding:
    what = "versions of one secret" if own.said.get("of") == "versions" else "secrets in a vault"
    return not_yet(
        "answer_is_a_list",
        wanted=own.wanted,
        found=f"That is a list of {what}. A list holds no value, so reading one proves nothing.",
        next_step=f"Ask for {own.names.vault_uri}secrets/{own.names.secret}?api-version=2016-10-01, as the guide's "
        f"last command does. {own.again}",
        seen=own.seen,
    )


def deleted_secret(own: Own) -> Finding:
    names = own.names
    if own.secret.value is None:
        missing = f"{names.secret}, which is not in {names.vault} now"
        return common.waits_for(READ, missing, own.seen, wanted=own.wanted)
    return not_yet(
        "answer_of_deleted_secret",
        wanted=own.wanted,
        found="That is about a deleted secret, which nobody can read before it is recovered.",
        next_step=f"{names.secret} is there. {own.once_more}",
        seen=own.seen,
    )


def other_object(own: Own) -> Finding:
    names, what = own.names, own.said.get("of", "key")
    return not_yet(
        "answer_of_key_or_certificate",
        wanted=own.wanted,
        found=f"That is a {what}. A vault keeps keys, secrets and certificates apart, each under an address of its "
        "own.",
        next_step=f"Ask for {names.vault_uri}secrets/{names.secret} in the last command. {own.again}",
        seen=own.seen,
    )


def other_tool(own: Own) -> Finding:
    names = own.names
    tool = _TOOLS[own.said.get("tool", "az")]
    return not_yet(
        "answer_from_other_tool",
        wanted=own.wanted,
        found=f"That is what {tool} shows. It reads as whoever is signed in to it, and mostly that is you: it does not "
        f"show that {names.vm} can.",
        next_step=f"Run the guide's three commands on {names.vm}: they take the machine's own token. Paste what the "
        "last one prints.",
        seen=own.seen,
    )


def other_cloud(own: Own) -> Finding:
    names = own.names
    which = "China" if own.said.get("cloud") == "china" else "the United States government"
    return not_yet(
        "answer_from_other_cloud",
        wanted=own.wanted,
        found=f"That is the address of a vault in Azure for {which}, a cloud of its own. {names.vault} is in the cloud "
        "for everybody, and its address ends in vault.azure.net.",
        next_step=f"Ask for {names.vault_uri}secrets/{names.secret} in the last command. {own.again}",
        seen=own.seen,
    )


def web_page(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_is_a_web_page",
        wanted=own.wanted,
        found="That is a web page, made for people to look at. A vault answers programs, in a few plain lines.",
        next_step=f"The vault's address is {names.vault_uri}, and not the one of its page in the Azure portal. Copy "
        f"the last command from the guide. {own.again}",
        seen=own.seen,
    )
