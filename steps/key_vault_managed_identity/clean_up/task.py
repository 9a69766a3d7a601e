"""Cleaning up, with a receipt: the checks list what is left of the lab, until nothing is.

Checking alone lists what cleaning up would remove. It is no task to be done: it has a number only for the pages.
"""

from __future__ import annotations

from steps.key_vault_managed_identity import given, looks, made
from steps.key_vault_managed_identity.clean_up import access, actions, left_alone, look, receipt
from steps.key_vault_managed_identity.guides.clean_up import guide
from steps.kit.task import Check, Task

TASK = Task(
    id="clean-up",
    number=6,
    title="Clean up",
    summary="Delete and purge what this lab made, take back what the portal changed, and see that nothing is left.",
    guide=guide,
    actions=actions.ACTIONS,
    checks=(
        Check("vaults", "The lab's vaults", (made.VAULTS,), receipt.judge_vaults),
        Check(
            receipt.DELETED_VAULTS,
            "Deleted vaults that keep a name",
            (made.DELETED, look.NOT_LISTED),
            receipt.judge_deleted,
        ),
        Check("access", "What the VM was given", (made.VAULTS, given.ROLES, given.ABOVE, looks.VM), access.judge),
        Check("settings", "What the portal changed for you", (looks.VM,), receipt.judge_settings),
        Check(
            "left-alone", "Left alone on purpose", (made.VAULTS, made.DELETED, given.ABOVE, looks.VM), left_alone.judge
        ),
    ),
)
