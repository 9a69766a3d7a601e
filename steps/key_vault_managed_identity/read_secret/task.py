"""Task 4: the VM reads the secret with its own identity."""

from __future__ import annotations

from steps.key_vault_managed_identity import looks, renamed
from steps.key_vault_managed_identity.guides.read_secret import HINTS, guide
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.key_vault_managed_identity.read_secret.own_response.judge import OWN, RESPONSE, judge_answer
from steps.key_vault_managed_identity.read_secret.vm_answer import SAME, judge_ran, judge_read, judge_same_principal
from steps.key_vault_managed_identity.read_secret.vm_token import judge_token
from steps.key_vault_managed_identity.read_secret.vm_told import ANSWERED, READ, TOKEN
from steps.kit.task import Check, Task

TASK = Task(
    id="read-secret",
    number=4,
    title="Read the secret from the VM",
    summary="With three PowerShell commands the virtual machine reads the secret, without any password.",
    guide=guide,
    probes=(ASK_VM,),
    asks=(RESPONSE,),
    hints=HINTS,
    checks=(
        Check(ANSWERED, "The VM runs a script", (looks.VM, looks.VAULT, looks.SECRET), judge_ran),
        Check(TOKEN, "The token is the VM's own", (looks.VM,), judge_token),
        Check(READ, "The vault gives the VM the secret", (looks.VAULT, looks.SECRET), renamed.aware(judge_read)),
        Check(SAME, "Access and token are for the same identity", (looks.VAULT,), judge_same_principal),
        Check(OWN, "Your own response", (looks.SECRET,), judge_answer, validating_only=True),
    ),
)
