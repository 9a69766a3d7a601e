"""The reasons that findings of Task 3 give where it is done by roles."""

from __future__ import annotations

from steps.kit.reasons import Reason, Worded
from steps.kit.task import Names

_WHOM = (
    "A role is given to an object id, and counts for tokens that carry it. What is given to any other id, the machine "
    "does not have."
)
_PLANES = (
    "Azure keeps two things apart: managing a vault (control plane), and using what is in it (data plane). A role "
    "opens the second only if it has data actions."
)


def _own_id(names: Names) -> str:
    return f"The id that counts stands under {names.vm}, Security, Identity, System assigned: Object (principal) ID."


def _assign(names: Names) -> str:
    return (
        f"{names.vault}, Access control (IAM), Add role assignment: the role Key Vault Secrets User; as the member a "
        f"managed identity, {names.vm}."
    )


def _for_wrong_one(meaning: str, nudge: Worded) -> Reason:
    return Reason(
        meaning, why=_WHOM, hints=(nudge, _own_id, _assign), idea="managed-identity", remedies=("assign-role",)
    )


REASONS: dict[str, Reason] = {
    "roles_count": Reason("The vault goes by roles, and so does the student."),
    "role_for_vm": Reason("The VM has a role on the vault."),
    "role_on_the_secret": Reason("The VM has a role on the secret alone."),
    "role_inherited": Reason("The VM has a role further up, which holds in the vault.", remark=True),
    "role_reads_secrets": Reason("The role reads secrets, and no more."),
    "role_wider_than_needed": Reason("The role reads secrets, and does more besides.", remark=True),
    "done_by_policies": Reason(
        "The VM is let in by a policy, in a vault that goes by policies; the walk is set to roles.",
        why="Both ways lead into a vault, and a vault goes by one of them at a time. The portal looks for the one that "
        "you have chosen.",
        hints=(
            lambda names: f"What you did in {names.vault} is right. Only what you told the portal differs from it.",
            lambda names: "Choose access policies under what was found, or under Your names.",
        ),
        idea="access-policy-and-rbac",
    ),
    "role_with_condition": Reason(
        "The VM's role would read, and has a condition whose outcome only Azure knows.",
        why="A condition is asked anew at each request, about things that the portal does not see.",
        hints=(
            lambda names: f"What does the condition ask about: {names.secret}, {names.vm}, the time?",
            lambda names: "This lab needs none. Give the role anew, and leave the condition out.",
        ),
        idea="access-policy-and-rbac",
    ),
    "condition_not_met": Reason(
        "The vault turned the VM away, whose role has a condition that only Azure can judge.",
        why="A role with a condition counts only while that holds.",
        hints=(
            lambda names: f"Look at the role assignments of {names.vault}: which of them has a condition?",
            lambda names: "This lab needs none. Give the role anew, and leave the condition out.",
        ),
        idea="access-policy-and-rbac",
    ),
    "role_condition_denies": Reason(
        "The VM's role would read, and has a condition that keeps it from that.",
        why="A role with a condition counts only while that holds, and this one never does for reading a secret.",
        hints=(
            lambda names: f"Look at the role assignments of {names.vault}: which of them has a condition?",
            lambda names: "This lab needs none. Give the role anew, and leave the condition out.",
        ),
        idea="access-policy-and-rbac",
    ),
    "role_for_other_service": Reason(
        "The VM's roles have data actions, but none of Key Vault's.",
        why="Data actions belong to a service: those of Storage open blobs and queues, those of Key Vault open vaults.",
        hints=(
            lambda names: "Open the role, and look at its data actions. Which service do they name?",
            lambda names: "Of the roles whose names begin with Key Vault, which one reads secrets and no more?",
            _assign,
        ),
        idea="control-and-data-plane",
        remedies=("assign-role",),
    ),
    "role_missing": Reason(
        "The VM has no role that holds in the vault, and none elsewhere that reads secrets.",
        why="A vault opens to nobody by itself: who has no role there is turned away, whoever they are.",
        hints=(
            lambda names: f"Who may do what in {names.vault} stands under its Access control (IAM), Role assignments.",
            lambda names: "Of the roles whose names begin with Key Vault, which one reads secrets and no more?",
            _assign,
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
    "role_on_other_scope": Reason(
        "The VM has a role that reads secrets, but not on this vault or above it.",
        why="A role holds where it is given and in all that is inside, never beside it.",
        hints=(
            lambda names: "Where were you when you chose Add role assignment: at a vault, a secret, a group?",
            lambda names: f"It has to be given on {names.vault}, or on what {names.vault} is in.",
            _assign,
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
    "role_for_former_identity": _for_wrong_one(
        "A role is for an identity that the VM had before.",
        lambda names: f"Compare the object id in the role assignment with the one that {names.vm} has today.",
    ),
    "role_for_application_id": _for_wrong_one(
        "A role is for the application id of the VM's identity instead of its object id.",
        lambda names: f"The identity of {names.vm} has two ids. Which of them was the role given to?",
    ),
    "role_for_no_identity": _for_wrong_one(
        "A role is for the id of something that is no identity, such as the directory, the subscription or the VM.",
        lambda names: (
            f"Azure gives ids of this look to everything. Where did you find the one with the role in {names.vault}?"
        ),
    ),
    "role_for_user_assigned": _for_wrong_one(
        "A role is for a user-assigned identity of the VM, not for its own.",
        lambda names: f"{names.vm} has two kinds of identity. Which of them asks for the token in Task 4?",
    ),
    "role_for_other_vm": _for_wrong_one(
        "A role is for the identity of another VM.",
        lambda names: f"Machines are easily mixed up when members are selected. Is the one selected {names.vm}?",
    ),
    "role_for_other_identity": _for_wrong_one(
        "A role is for an identity that nobody can name, none for the VM.",
        lambda names: f"Compare the object id in the role assignment with the one of {names.vm}.",
    ),
    "role_only_for_caller": _for_wrong_one(
        "The only role found is that of the identity the portal works as.",
        lambda names: f"One role is there, but whose is it? It lets you put things in. {names.vm} is somebody else.",
    ),
    "role_without_get": Reason(
        "The VM's roles have data actions, but not the one that reads a secret.",
        why="Each data action stands for one thing. Key Vault Reader, say, sees names, dates and versions of secrets, "
        "and not what they hold.",
        hints=(
            lambda names: "Open the role, and look at its data actions. Is getSecret among them?",
            lambda names: "Key Vault Secrets User is the smallest role that has it.",
            _assign,
        ),
        idea="control-and-data-plane",
        remedies=("assign-role",),
    ),
    "role_of_control_plane": Reason(
        "The VM's roles are about the vault, and have no data actions.",
        why=_PLANES,
        hints=(
            lambda names: "Open the role, and look at its data actions. Are there any?",
            lambda names: "Roles that open what is in a vault begin with Key Vault, and not all of those do.",
            _assign,
        ),
        idea="control-and-data-plane",
        remedies=("assign-role",),
    ),
}
