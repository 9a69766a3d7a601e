"""The reasons that findings give once a task has been undone."""

from __future__ import annotations

from steps.kit.reasons import Reason

_PURGE_RIGHT = "Purging is a right on the whole subscription: a role on the resource group alone does not bring it."

_LOCK_HINTS = (
    lambda names: "Something says no to whoever wants to delete or change it, owner or not. What could that be?",
    lambda names: f"Look under Settings, Locks, of {names.vault}, of {names.resource_group}, and of the subscription.",
    lambda names: "Removing a lock takes the role Owner or User Access Administrator. Then try once more.",
)

REASONS: dict[str, Reason] = {
    "vault_gone": Reason("The vault is no longer in the group."),
    "vault_locked": Reason(
        "A lock keeps the vault from being deleted.",
        why="A lock is set on purpose, so that nothing is lost by a slip: it holds against owners and against the "
        "portal.",
        hints=_LOCK_HINTS,
        idea="control-and-data-plane",
    ),
    "vault_roles_gone": Reason("No role is left that the portal gave at the vault."),
    "vault_roles_hidden": Reason("The vault is gone, and the portal's identity may not see roles."),
    "vault_roles_left": Reason(
        "The portal could not take a role back that it gave at the vault.",
        why="A role assignment is a thing of its own. Access that outlives its purpose is what an attacker looks for.",
        hints=(
            lambda names: f"Who had a role at {names.vault}? The timeline says why it could not be taken back.",
            lambda names: "Giving and taking roles takes a role of its own: Owner, or User Access Administrator.",
        ),
        idea="access-policy-and-rbac",
    ),
    "vault_still_there": Reason(
        "The vault that the portal made is still in the group after undoing.",
        why="As long as the vault is there, Task 1 is not undone, and nobody else can take its name.",
        hints=(
            lambda names: f"Something keeps {names.vault} from being deleted. The timeline has Azure's words.",
            lambda names: (
                f"A lock is the usual cause: look under Settings, Locks, of {names.vault} and of "
                f"{names.resource_group}."
            ),
            lambda names: (
                "Remove the lock (it takes the role Owner or User Access Administrator), then undo once more."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "vault_not_the_portals": Reason(
        "The vault that is there was not made by the portal, so undoing leaves it alone.",
        why="Undoing takes back what the portal did. What you made with your own hands is yours to remove.",
        hints=(
            lambda names: f"Who made {names.vault}? Its tags tell what the portal made.",
            lambda names: (
                f"{names.vault} has no tag created-by: lab-portal. Delete it yourself, or let Clean up do it."
            ),
        ),
    ),
    "vault_purged": Reason("No deleted vault keeps the name."),
    "vault_kept_by_purge_protection": Reason("The vault is deleted, and purge protection keeps it, with its name."),
    "vault_not_purged": Reason(
        "The vault is deleted, but was not purged.",
        why="A deleted vault keeps its name: making another of the same name is refused until it is purged.",
        hints=(
            lambda names: f"{names.vault} is deleted, yet its name is not free. Where does Azure keep deleted vaults?",
            lambda names: f"Search for Key vaults and choose Manage deleted vaults. {_PURGE_RIGHT}",
            lambda names: (
                f"Run `az keyvault purge --name {names.vault}` with an account that may, or choose another "
                "name under Your names."
            ),
        ),
        idea="soft-delete",
    ),
    "deleted_vault_not_listed": Reason(
        "A vault was deleted, and Azure neither lists it as deleted nor frees its name.",
        why="Only a deleted vault that Azure lists can be purged. Until then its name stays taken.",
        hints=(
            lambda names: "Deleting comes in two steps in Azure. Which of them is over?",
            lambda names: "Look under Key vaults, Manage deleted vaults: it appears there within a few minutes.",
            lambda names: (
                f"Once `az keyvault list-deleted` shows it, do this once more, or purge it: `az keyvault purge --name "
                f"{names.vault}`."
            ),
        ),
        idea="soft-delete",
    ),
    "deleted_vaults_hidden": Reason(
        "The portal's identity may not see the deleted vaults of the subscription.",
        why="A vault that is deleted but not purged keeps its name, and the portal cannot see whether there is one.",
        hints=(
            lambda names: "Deleted vaults belong to no resource group. On what would one need a right, to see them?",
            lambda names: f"{_PURGE_RIGHT} So does seeing what could be purged.",
            lambda names: (
                f"Run `az keyvault list-deleted` and `az keyvault purge --name {names.vault}` with an account "
                "that has the role Contributor on the subscription, or leave it to Azure."
            ),
        ),
        idea="soft-delete",
    ),
    "secret_gone": Reason("The secret is no longer in the vault."),
    "secret_never_made": Reason("The portal has made no such secret, so it has purged none."),
    "secret_not_the_portals": Reason(
        "The secret that is there was not made by the portal, so undoing leaves it alone.",
        why="Undoing takes back what the portal did. What is purged never comes back, so it touches nothing else.",
        hints=(
            lambda names: f"Who made {names.secret}? Your history lists what the portal has made for you.",
            lambda names: "Have you changed your names since? Under Your names you can go back to the earlier ones.",
        ),
    ),
    "secret_locked": Reason(
        "A lock keeps the portal from letting itself in to delete the secret.",
        why="A lock that forbids writing also forbids changing who may do what in the vault. One that forbids only "
        "deleting lets a role be given, and not be taken back: so the portal does not begin.",
        hints=_LOCK_HINTS,
        idea="control-and-data-plane",
    ),
    "secret_gone_with_vault": Reason("The vault is gone, and the secret with it."),
    "secret_still_there": Reason(
        "The secret is still in the vault after undoing.",
        why="As long as it is there, Task 2 is not undone.",
        hints=(
            lambda names: f"Something kept the portal from deleting {names.secret}. The timeline says what.",
            lambda names: f"Deleting takes a right in {names.vault} itself, and a network that {names.vault} lets in.",
            lambda names: (
                f"Run `az keyvault secret delete --vault-name {names.vault} --name {names.secret}`, then "
                f"`az keyvault secret purge --vault-name {names.vault} --name {names.secret}`."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "secret_kept_by_roles": Reason(
        "The vault goes by roles, and the portal's identity has none that deletes secrets.",
        why="In a vault that goes by roles an access policy counts for nothing, so the portal cannot let itself in.",
        hints=(
            lambda names: f"What does {names.vault} go by: access policies, or roles?",
            lambda names: "Deleting and purging a secret takes a role made for data: Contributor is none.",
            lambda names: (
                f"Give yourself Key Vault Secrets Officer on {names.vault}, then delete and purge "
                f"{names.secret} under Secrets. Or undo Task 1."
            ),
        ),
        idea="access-policy-and-rbac",
    ),
    "secret_purged": Reason("No deleted secret keeps the name."),
    "deleted_secret_gone_with_vault": Reason("The vault is gone, and deleted secrets with it."),
    "secret_kept_by_purge_protection": Reason("The secret is deleted, and purge protection keeps it, with its name."),
    "secret_not_purged": Reason(
        "The portal's identity may not purge secrets in the vault.",
        why="A deleted secret keeps its name: making another of the same name is refused until it is purged.",
        hints=(
            lambda names: f"{names.secret} is deleted, yet its name is not free. Where does the vault keep it?",
            lambda names: "Purging has a permission of its own; the template Secret Management leaves it out.",
            lambda names: (
                f"Run `az keyvault secret purge --vault-name {names.vault} --name {names.secret}` with an "
                "account that may."
            ),
        ),
        idea="soft-delete",
    ),
    "portal_rights_back": Reason("The portal has no right left that it gave itself for undoing."),
    "portal_rights_left": Reason(
        "The portal could not take a right back that it gave itself for undoing.",
        why="Rights that nobody needs any more are rights that somebody may misuse.",
        hints=(
            lambda names: f"Who may delete secrets in {names.vault} now, and did not before?",
            lambda names: "The identity of your connection may. The timeline says why that could not be taken back.",
            lambda names: f"Remove it under Access policies of {names.vault}, or under Access control (IAM).",
        ),
        idea="access-policy-and-rbac",
    ),
    "secret_purge_not_reached": Reason(
        "The secret was not deleted, so it could not be purged.",
        why="Only what is deleted can be purged.",
        hints=(lambda names: f"First see why {names.secret} is still there.",),
        idea="soft-delete",
    ),
    "secret_being_purged": Reason(
        "Azure has the order to purge the secret, and still lists it.",
        why="Until it is purged, its name is not free.",
        hints=(lambda names: f"Nothing is wrong: {names.vault} takes a moment. Look again in a minute.",),
        idea="soft-delete",
    ),
    "access_gone_with_vault": Reason("The vault is gone, and the access to it."),
    "access_taken_back": Reason("Nothing is left of what the portal gave the VM."),
    "access_still_there": Reason(
        "The VM still has what the portal gave it.",
        why="As long as it is there, the machine can read the secret, and Task 3 is not undone.",
        hints=(
            lambda names: f"Something kept the portal from taking the access of {names.vm} back: see the timeline.",
            lambda names: "Taking a role back takes a right to give roles; taking a policy back, to change the vault.",
            lambda names: (
                f"Open {names.vault} and remove {names.vm} under Access policies, or under Access control "
                "(IAM) where the vault goes by roles."
            ),
        ),
        idea="access-policy-and-rbac",
    ),
}
