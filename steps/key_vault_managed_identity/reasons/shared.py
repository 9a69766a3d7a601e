"""The reasons that findings of several tasks give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "waits_for_another_check": Reason(
        "A check cannot be made before another one of the task is put right.",
        why="One cause is told once. What rests on it is looked at as soon as that is put right.",
        waits=True,
    ),
    "vm_missing": Reason(
        "The VM is not in the group.",
        why="The machine's identity is what gets access, and the machine is what reads the secret.",
        hints=(
            lambda names: "Has the machine another name, or is it in another resource group?",
            lambda names: f"Open {names.resource_group} and look for a resource of the type Virtual machine.",
            lambda names: f"Create a Windows VM there, named {names.vm}, or set the name of yours under Your names.",
        ),
        idea="managed-identity",
    ),
    "vm_not_up_yet": Reason(
        "The VM is starting, or in a state Azure does not name.",
        why="Only a machine that runs can ask for a token and read the secret.",
        hints=(
            lambda names: "A start takes a minute or two.",
            lambda names: f"{names.vm}, Overview in the Azure portal shows its status.",
        ),
        idea="managed-identity",
    ),
    "vm_not_running": Reason(
        "The VM is stopped or deallocated.",
        why="Only a machine that runs can ask for a token and read the secret.",
        hints=(
            lambda names: f"What does {names.vm}, Overview say under Status?",
            lambda names: "Choose Start there, wait a minute or two, and check again; or let the portal start it.",
        ),
        idea="managed-identity",
        remedies=("start-vm",),
    ),
    "vm_agent_not_ready": Reason(
        "The VM is on, but its agent is not ready.",
        why="The agent is what runs the script of Task 4 on the machine.",
        hints=(
            lambda names: "After a start the agent needs a minute or two until it reports.",
            lambda names: f"{names.vm}, Overview, Properties shows Agent status. If it stays Not Ready, restart it.",
            lambda names: (
                "If a restart does not help, the agent is not installed, as in images that leave it out: make another "
                "Windows VM from one of the Marketplace's images, which have it."
            ),
        ),
        idea="managed-identity",
    ),
    "vm_identity_off": Reason(
        "The VM has no identity at all.",
        why="Without an identity there is nobody to give access to, and the machine gets no token.",
        hints=(
            lambda names: "A machine can have an identity of its own, but it has to be switched on.",
            lambda names: f"Look at {names.vm}, Security, Identity.",
            lambda names: "Set Status to On under System assigned, and save; or let the portal do it.",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "vm_only_user_assigned": Reason(
        "The VM has a user-assigned identity, and its system-assigned one is off.",
        why="A user-assigned identity can be lent to many machines. This lab is about the one that lives and dies with "
        "this machine.",
        hints=(
            lambda names: "There are two kinds of managed identity. Which of them does the lab ask for?",
            lambda names: f"Look at both tabs of {names.vm}, Security, Identity.",
            lambda names: "Set Status to On under System assigned, and save. The user-assigned one may stay.",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "vault_renamed_since": Reason(
        "The vault's name was changed in the portal; the vault that was seen before is still there.",
        why="The portal goes by the name under Your names. Tasks that are done stay done; those to come look for the "
        "vault of the new name.",
        hints=(
            lambda names: f"Which vault did you make: {names.vault}, or the one with the name from before?",
            lambda names: "A vault cannot be renamed in Azure. Either the name here goes back, or a new vault is made.",
            lambda names: "Going back is the shorter way: nothing has to be made anew.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_missing": Reason(
        "The vault is not in the group.",
        why="The vault keeps the secret: without it there is nothing to put it into and nothing to read from.",
        hints=(
            lambda names: "Has it been made, in the right resource group and with exactly this name?",
            lambda names: f"Open {names.resource_group} and look for a resource of the type Key vault.",
            lambda names: f"Create {names.vault} there, as the guide of Task 1 shows.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_in_rbac_mode": Reason(
        "The vault goes by roles, so that access policies do not count.",
        why="A vault goes by one of the two, access policies or roles. In this mode the policy of Task 3 could be "
        "there and have no effect.",
        hints=(
            lambda names: "New vaults go by roles unless something else is chosen when they are made.",
            lambda names: f"Look at {names.vault}, Settings, Access configuration.",
            lambda names: (
                "Choose Vault access policy there and apply, let the portal do it, or keep the roles and do "
                "Task 3 by a role assignment."
            ),
        ),
        idea="access-policy-and-rbac",
        remedies=("use-access-policies",),
    ),
    "vault_goes_by_policies": Reason(
        "The vault goes by access policies, and the student works with roles.",
        why="A vault goes by one of the two, access policies or roles. In this mode a role for the VM could be there "
        "and have no effect.",
        hints=(
            lambda names: "You have chosen roles for this lab. Does the vault know?",
            lambda names: f"Look at {names.vault}, Settings, Access configuration.",
            lambda names: "Choose Azure role-based access control there and apply, or go back to access policies.",
        ),
        idea="access-policy-and-rbac",
        remedies=("use-roles",),
    ),
}
