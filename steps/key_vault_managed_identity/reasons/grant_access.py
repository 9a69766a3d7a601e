"""The reasons that findings of Task 3 give. Those about roles stand in ``grant_role``."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons import grant_role
from steps.kit.reasons import Reason, Worded
from steps.kit.task import Names

_WHOM = (
    "The vault knows callers by the object id in their token. Access that is given to any other id, the machine does "
    "not have."
)


def _own_id(names: Names) -> str:
    return f"The id that counts stands under {names.vm}, Security, Identity, System assigned: Object (principal) ID."


def _add(names: Names) -> str:
    return (
        f"{names.vault}, Access policies, Create, the template Secret Management; as the principal {names.vm}, with "
        "just that object id; nothing under Application."
    )


def _for_wrong_one(meaning: str, nudge: Worded, *, idea: str = "managed-identity") -> Reason:
    return Reason(meaning, why=_WHOM, hints=(nudge, _own_id, _add), idea=idea, remedies=("add-policy-for-vm",))


_BY_POLICY: dict[str, Reason] = {
    "vm_can_be_granted": Reason("The VM has an identity to grant access to."),
    "policies_count": Reason("The vault goes by access policies, so a policy has effect."),
    "policy_for_vm": Reason("A policy is for the VM's identity."),
    "policy_for_group_of_vm": Reason("A policy is for a group that Azure counts the VM in.", remark=True),
    "policy_of_group_gets": Reason("The policy of a group that the VM is in allows get."),
    "policy_is_template": Reason("The policy is exactly Secret Management."),
    "policy_leaner_than_template": Reason("The policy allows get, and less than Secret Management besides."),
    "policy_wider_than_template": Reason("The policy allows get, and more than Secret Management.", remark=True),
    "policy_missing": Reason(
        "The vault has no policy at all.",
        why="A vault opens to nobody by itself: who is not on its list is turned away, whoever they are.",
        hints=(lambda names: f"Who is on the list of {names.vault}? Look under Access policies.", _own_id, _add),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "policy_only_for_caller": _for_wrong_one(
        "The only policy is for the identity the portal works as.",
        lambda names: f"One policy is there, but whose is it? It lets you put things in. {names.vm} is somebody else.",
        idea="access-policy-and-rbac",
    ),
    "policy_for_former_identity": _for_wrong_one(
        "A policy is for an identity that the VM had before it was recreated, or its identity switched off and on.",
        lambda names: f"Compare the object id in the policy with the one that {names.vm} has today.",
    ),
    "policy_for_application_id": _for_wrong_one(
        "A policy is for the application id of the VM's identity instead of its object id.",
        lambda names: (
            f"The identity of {names.vm} has two ids: one as an application, one as an object of the "
            "directory. Which of them is in the policy?"
        ),
    ),
    "policy_for_no_identity": _for_wrong_one(
        "A policy is for the id of something that is no identity, such as the directory, the subscription or the VM.",
        lambda names: (
            f"Azure gives ids of this look to everything. Where did you find the one in the policy of {names.vault}?"
        ),
    ),
    "policy_for_user_assigned": _for_wrong_one(
        "A policy is for a user-assigned identity of the VM, not for its own.",
        lambda names: f"{names.vm} has two kinds of identity. Which of them asks for the token in Task 4?",
    ),
    "policy_for_other_vm": _for_wrong_one(
        "A policy is for the identity of another VM.",
        lambda names: f"Machines are easily mixed up in the list of principals. Is the one in the policy {names.vm}?",
    ),
    "policy_for_other_identity": _for_wrong_one(
        "Policies are for identities that nobody can name, a group of the VM's perhaps, none for the VM itself.",
        lambda names: f"Compare the object ids of the policies with the one of {names.vm}.",
    ),
    "policy_with_application": Reason(
        "The VM's policy names an application besides, so that it is for users of that one.",
        why="With an application in it, a policy is about a user who comes through that application. The machine comes "
        "by itself.",
        hints=(
            lambda names: "Creating a policy has a step that this lab skips. Which one did you not skip?",
            lambda names: f"The step Application has to stay empty. Add a policy for {names.vm} without one.",
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "policy_in_other_vault": Reason(
        "The VM has a policy in another vault of the group, none in this one.",
        why="A policy belongs to the vault it is in. Letting the machine into one vault opens no other.",
        hints=(
            lambda names: "Which vault was open when you created the policy?",
            lambda names: (
                f"It has to be in {names.vault}; or tell the portal that the other vault is the one you mean."
            ),
            _add,
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "role_without_effect": Reason(
        "The VM has a role that reads secrets, but the vault goes by access policies.",
        why="A vault goes by policies or by roles, never by both. What is given in the other way stays idle.",
        hints=(
            lambda names: f"Look under {names.vault}, Settings, Access configuration: which way is chosen?",
            lambda names: "Either add a policy for the machine, or let the vault go by roles and say here that you do.",
            _add,
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "done_by_roles": Reason(
        "The VM is let in by a role, in a vault that goes by roles; the walk is set to access policies.",
        why="Both ways lead into a vault, and a vault goes by one of them at a time. The portal looks for the one that "
        "you have chosen.",
        hints=(
            lambda names: f"What you did in {names.vault} is right. Only what you told the portal differs from it.",
            lambda names: "Choose roles under what was found, or under Your names.",
        ),
        idea="access-policy-and-rbac",
    ),
    "policy_without_effect": Reason(
        "The VM has a policy, but the vault goes by roles.",
        why="A vault goes by policies or by roles, never by both. Those of the other kind stay written down and idle.",
        hints=(
            lambda names: f"Look under {names.vault}, Settings, Access configuration: which way is chosen?",
            lambda names: "Choose Vault access policy there, or keep the roles and give the machine one.",
        ),
        idea="access-policy-and-rbac",
    ),
    "policy_without_get": Reason(
        "The VM's policy does not allow getting secrets.",
        why="Every right stands for one thing: List shows names, Set writes. Only Get hands out a value.",
        hints=(
            lambda names: f"What may {names.vm} do with secrets, and what will it do in Task 4?",
            lambda names: f"Open {names.vault}, Access policies, the entry of {names.vm}, Edit: Secret permissions.",
            lambda names: "Tick Get, or choose the template Secret Management, then save.",
        ),
        idea="access-policy-and-rbac",
        remedies=("complete-policy",),
    ),
    "policy_not_about_secrets": Reason(
        "The VM's policy gives rights on keys or certificates, none on secrets.",
        why="Keys, secrets and certificates are three kinds of things, each with rights of its own.",
        hints=(
            lambda names: f"The entry of {names.vm} has three columns of permissions. Which one is empty?",
            lambda names: f"What Task 2 made, {names.secret}, is a secret: tick Get under Secret permissions.",
        ),
        idea="access-policy-and-rbac",
        remedies=("complete-policy",),
    ),
}

REASONS: dict[str, Reason] = {**_BY_POLICY, **grant_role.REASONS}
