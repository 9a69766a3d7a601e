"""Cleaning up, with a receipt: the checks list what is left of the lab, until nothing is.

Checking alone lists what cleaning up would remove. It is no task to be done: it has a number only for the pages.
"""

from __future__ import annotations

from steps.key_vault_managed_identity import clean_up_actions, clean_up_receipt, looks, made
from steps.key_vault_managed_identity.guides.clean_up import guide
from steps.kit.task import Check, Task

TASK = Task(
    id="clean-up",
    number=6,
    title="Clean up",
    summary="Delete and purge what this lab made, take back what the portal changed, and see that nothing is left.",
    guide=guide,
    actions=clean_up_actions.ACTIONS,
    checks=(
        Check("vaults", "The lab's vaults", (made.VAULTS,), clean_up_receipt.judge_vaults),
        Check(
            "deleted-vaults",
            "Deleted vaults that keep a name",
            (made.DELETED, clean_up_receipt.UNLISTED),
            clean_up_receipt.judge_deleted,
        ),
        Check("access", "What the VM was given", (made.VAULTS, made.ROLES, looks.VM), clean_up_receipt.judge_access),
        Check("settings", "What the portal changed for you", (looks.VM,), clean_up_receipt.judge_settings),
        Check("left-alone", "Left alone on purpose", (made.VAULTS,), clean_up_receipt.judge_left_alone),
    ),
)
