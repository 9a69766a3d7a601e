"""The reasons that findings of cleaning up give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "lab_vaults_gone": Reason("No vault of the lab is left."),
    "lab_vaults_left": Reason(
        "Vaults of the lab are still there.",
        why="What nobody needs any more costs attention, and keeps a secret and a name for nothing.",
        hints=(
            lambda names: f"What did this lab make in {names.resource_group}?",
            lambda names: f"Deleting {names.vault} removes the secret and the access policies in it as well.",
            lambda names: f"Choose Clean up, or run `az keyvault delete --name {names.vault}`.",
        ),
        idea="soft-delete",
    ),
    "lab_vaults_locked": Reason(
        "A lock keeps a vault of the lab from being deleted.",
        why="A lock is set on purpose, so that nothing is lost by a slip: it holds against owners and against the "
        "portal.",
        hints=(
            lambda names: f"Look under Settings, Locks, of {names.vault}, and of {names.resource_group}.",
            lambda names: "Removing a lock takes the role Owner or User Access Administrator. Then clean up once more.",
        ),
        idea="control-and-data-plane",
    ),
    "lab_names_free": Reason("No deleted vault of the lab is left."),
    "lab_names_unseen": Reason("The portal may not see deleted vaults, and knows of none in this walk.", remark=True),
    "lab_names_protected": Reason("Deleted vaults of the lab are kept by purge protection, until a date.", remark=True),
    "lab_names_kept": Reason(
        "Vaults of the lab are deleted, but not purged.",
        why="A deleted vault keeps its name, for nobody to use, until it is purged.",
        hints=(
            lambda names: "What is deleted is not yet gone. Where does Azure keep it?",
            lambda names: "Search for Key vaults, choose Manage deleted vaults, and take your subscription.",
            lambda names: f"Choose Clean up, or run `az keyvault purge --name {names.vault}`.",
        ),
        idea="soft-delete",
    ),
    "lab_access_gone": Reason("Nothing that was given in the lab's vaults is left."),
    "lab_roles_hidden": Reason("No policy is left, and the portal's identity may not see roles."),
    "lab_access_left": Reason(
        "Policies or roles that were given in the lab's vaults are still there.",
        why="Access that outlives its purpose is what an attacker looks for.",
        hints=(
            lambda names: f"Who may still read in {names.vault}?",
            lambda names: "A policy goes with its vault. A role assignment is a thing of its own.",
            lambda names: f"Choose Clean up, or remove {names.vm} under Access policies or Access control (IAM).",
        ),
        idea="access-policy-and-rbac",
    ),
    "lab_settings_back": Reason("What the portal changed outside the vault was taken back, or there was nothing."),
    "lab_settings_left": Reason(
        "Something that the portal changed outside the vault is not taken back.",
        why="The portal changed it for this lab, so it should not stay behind.",
        hints=(
            lambda names: f"What did the portal mend for you outside {names.vault}? Your history lists it.",
            lambda names: "Choose Clean up: it takes back what it says above, and nothing that you changed yourself.",
        ),
    ),
    "left_alone": Reason("What is not the lab's, and stays."),
    "left_alone_of_whom": Reason("What stays, as the portal cannot know whose it is.", remark=True),
}
