"""Task 4: the VM reads the secret with its own identity."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.ask_vm import ASK_VM
from steps.key_vault_managed_identity.create_secret import secret_absent
from steps.key_vault_managed_identity.guides.read_secret import guide
from steps.key_vault_managed_identity.identifier import Identifier, keep
from steps.key_vault_managed_identity.vm_answer import judge_ran, judge_read, judge_same_principal, judge_token
from steps.kit.azure import SecretInfo, Seen
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.task import Ask, Check, Context, Facts, Task
from steps.kit.verdict import Finding

IDENTIFIER = Ask(
    id="identifier",
    label="The response of the last command",
    help="Paste all of it. Only the secret's identifier (https://…/secrets/…) is kept; the value is dropped at once. "
    "Does the identifier end in dots? Then it was cut off: end the last command with | Format-List, as the guide does.",
    keep=keep,
)


def judge_answer(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"Your own response names the current version of {names.secret} in {names.vault}."
    secret = facts.of(looks.SECRET)
    given = Identifier.parse(ctx.answers.get(IDENTIFIER.id, ""))
    if given is None:
        return not_yet(
            "answer_missing",
            wanted=wanted,
            found="There is no response with a secret's identifier in it yet.",
            next_step=f"Run the three commands of the guide on {names.vm}, paste what the last one prints "
            "into the field of this page, and check.",
            seen=(secret,),
        )
    return _compare(ctx, facts, given, secret, wanted=wanted)


def _version_read(facts: Facts) -> str:
    read = Identifier.parse(facts.told(ASK_VM).get("secret_id", ""))
    return read.version if read else ""


def _compare(ctx: Context, facts: Facts, given: Identifier, secret: Seen[SecretInfo | None], *, wanted: str) -> Finding:
    names = ctx.names
    if not common.same(given.vault, names.vault):
        return not_yet(
            "answer_from_other_vault",
            wanted=wanted,
            found=f"Your response is from the vault {given.vault}.",
            next_step=f"Use {names.vault_uri} in the last command, and paste its response.",
            seen=(secret,),
        )
    if not common.same(given.name, names.secret):
        return not_yet(
            "answer_of_other_secret",
            wanted=wanted,
            found=f"Your response is about the secret {given.name}.",
            next_step=f"Ask for {names.secret} in the last command, and paste its response.",
            seen=(secret,),
        )
    if secret.value is None:
        return secret_absent(names, secret, wanted=wanted)
    current = secret.value.version or _version_read(facts)
    if not current:
        return could_not_tell(
            "current_version_unknown",
            wanted=wanted,
            found=f"Azure does not say which version of {names.secret} is the current one.",
            next_step=LOOKS_AGAIN,
            seen=(secret,),
        )
    if common.same(given.version, current):
        return passed("answer_right", wanted=wanted, found=f"It does: version {given.version}.", seen=(secret,))
    return not_yet(
        "answer_of_other_version",
        wanted=wanted,
        found=f"Your response names version {given.version}; the current one is {current}.",
        next_step="Run the last command once more, and paste the fresh response.",
        seen=(secret,),
    )


TASK = Task(
    id="read-secret",
    number=4,
    title="Read the secret from the VM",
    summary="With three PowerShell commands the virtual machine reads the secret, without any password.",
    guide=guide,
    probes=(ASK_VM,),
    asks=(IDENTIFIER,),
    checks=(
        Check("vm-answered", "The VM runs a script", (looks.VM, looks.VAULT, looks.SECRET), judge_ran),
        Check("token", "The token is the VM's own", (looks.VM,), judge_token),
        Check("secret-read", "The vault gives the VM the secret", (looks.VAULT, looks.SECRET), judge_read),
        Check("same-identity", "Policy and token are the same identity", (looks.VAULT,), judge_same_principal),
        Check("own-response", "Your own response", (looks.SECRET,), judge_answer, validating_only=True),
    ),
)
