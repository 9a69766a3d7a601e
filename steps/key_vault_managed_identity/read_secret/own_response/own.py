"""A student's own response, and what the judgements about it have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.key_vault_managed_identity.read_secret.own_response.whose import Who, bearer_of
from steps.key_vault_managed_identity.read_secret.vault_refusals import refusal
from steps.key_vault_managed_identity.read_secret.vm_told import READ, told_to
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet
from steps.kit.records import SecretInfo, Seen
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Own:
    """``said`` are the facts that were kept of the paste."""

    ctx: Context
    facts: Facts
    said: dict[str, str]
    wanted: str
    secret: Seen[SecretInfo | None]

    @property
    def names(self) -> Names:
        return self.ctx.names

    @property
    def seen(self) -> tuple[Seen[Any], ...]:
        return (self.secret,)

    @property
    def read_by_now(self) -> bool:
        """Whether the portal's own script on the VM has just read the secret. Where it ended in a problem, nobody
        knows."""
        try:
            return self.facts.told(ASK_VM).get("stage") == "done"
        except AzureProblem:
            return False

    @property
    def only_time_helps(self) -> bool:
        """Whether the portal's own script on the VM was turned away, too, and what is missing is Azure's to bring."""
        try:
            told = told_to(READ, self.ctx, self.facts, wanted=self.wanted)
            if isinstance(told, Finding) or told.value["stage"] != "secret":
                return False
            return refusal(self.ctx, self.facts, told, wanted=self.wanted).verdict is Verdict.COULD_NOT_TELL
        except AzureProblem:
            return False

    @property
    def again(self) -> str:
        """The end of many a next step. All three: a Run command remembers no variable of the one before."""
        return f"Then run all three commands again on {self.names.vm}, and paste what the last one prints."

    @property
    def once_more(self) -> str:
        return f"Run all three commands once more on {self.names.vm}, and paste what the last one prints."


def elsewhere(own: Own) -> Finding | None:
    """The finding about a command that was run as somebody else than the VM, or None if nothing speaks for that."""
    names, said = own.names, own.said
    bearer = bearer_of(own.ctx, own.facts, said.get("oid", ""), said.get("appid", ""))
    on_vm = f"Connect to {names.vm}, or use its Run command, and run all three commands there."
    seen = (*own.seen, *bearer.seen)
    match bearer.who:
        case Who.OTHER_VM:
            return not_yet(
                "answer_from_other_vm",
                wanted=own.wanted,
                found=f"The token in your response is of the virtual machine {bearer.name}, not of {names.vm}.",
                next_step=f"{on_vm} Or, if {bearer.name} is the one you mean, set it under Your names.",
                seen=seen,
            )
        case Who.THE_VM_BEFORE:
            return not_yet(
                "answer_from_former_identity",
                wanted=own.wanted,
                found=f"The token in your response is of an identity that {names.vm} had before. Switched off and on, "
                "or created again, it has a new one.",
                next_step=f"Restart {names.vm}, so that it gets a token of its new identity, and see that Task 3 let "
                f"that one in. {own.again}",
                seen=seen,
            )
        case Who.PERSON | Who.CONNECTION:
            whose = f"your own, taken with {bearer.name}" if bearer.name else "of the identity your connection works as"
            return not_yet(
                "answer_from_own_account",
                wanted=own.wanted,
                found=f"The token in your response is {whose}, not that of {names.vm}.",
                next_step=f"{on_vm} On your own computer and in Cloud Shell there is no {names.vm} to stand for.",
                seen=seen,
            )
        case Who.LENT_TO_VM:
            return not_yet(
                "answer_from_user_assigned",
                wanted=own.wanted,
                found=f"The token in your response is of {bearer.name}, an identity assigned to {names.vm}, not of the "
                "machine's own.",
                next_step="Leave client_id, object_id and msi_res_id out of the first command, and see that under "
                f"{names.vm}, Security, Identity, System assigned is on. {own.again}",
                seen=seen,
            )
        case Who.SOMEBODY:
            return not_yet(
                "answer_from_other_identity",
                wanted=own.wanted,
                found=f"The token in your response is of {_ids(said)}, which is not the identity of {names.vm}.",
                next_step=f"{on_vm} If you did, its identity was switched off and on since: restart {names.vm} first.",
                seen=seen,
            )
    return None


def _ids(said: dict[str, str]) -> str:
    if "oid" in said:
        return f"the object id {said['oid']}"
    return f"the application {said['appid']}"


def other_vault(own: Own) -> Finding | None:
    """The finding about a command that asked another vault, or None."""
    names, vault = own.names, own.said.get("vault", own.names.vault)
    if same(vault, names.vault):
        return None
    return not_yet(
        "answer_asked_other_vault",
        wanted=own.wanted,
        found=f"Your last command asked the vault {vault}; yours is {names.vault}.",
        next_step=f"Put {names.vault_uri} into the last command. {own.again}",
        seen=own.seen,
    )
