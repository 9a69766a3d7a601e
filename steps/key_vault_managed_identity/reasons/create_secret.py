"""The reasons that findings of Task 2 give."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.reasons import Reason

_WITHOUT = "Without the secret there is nothing for the machine to read: its name is what the machine asks for."
_NO_RIGHT = (
    "Azure keeps two things apart: who may manage a vault, and who may use what is in it. Whoever made the vault has "
    "the first, and needs the second as well to put something in."
)

REASONS: dict[str, Reason] = {
    "secret_there": Reason("The secret is in the vault."),
    "secret_usable": Reason("The secret is enabled and within its dates."),
    "secret_expires_soon": Reason("The secret can be read, but expires within a day.", remark=True),
    "key_instead_of_secret": Reason(
        "A key has the name that the secret was to have.",
        why="A key never leaves the vault: it is used there, to sign or to encrypt. A secret is handed out, and a "
        "machine that has to know something needs one.",
        hints=(
            lambda names: f"What does {names.vault} hold, and in which of its lists: Keys, Secrets or Certificates?",
            lambda names: f"Under Objects, Secrets, Generate/Import makes a secret. Its name has to be {names.secret}.",
            lambda names: f"In a shell: `{az.new_version(names)}`.",
        ),
        idea="control-and-data-plane",
    ),
    "secret_missing": Reason(
        "The vault has no such secret, and nothing like one is near; somebody may create it.",
        why=_WITHOUT,
        hints=(
            lambda names: (
                f"What does {names.vault} hold so far? Look under Objects, Secrets: keys and certificates have "
                "lists of their own, and are no secrets."
            ),
            lambda names: f"Generate/Import makes one. The name has to be {names.secret}; the value may be anything.",
            lambda names: (
                f"In a shell: `{az.new_version(names)}`. Does Azure say that it is being deleted? Give it a minute."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "secret_missing_network_closed": Reason(
        "The vault has no such secret, and its network lets nobody in to set one, or not the portal.",
        why="The firewall comes before the permissions: whoever it does not let in sets no secret, whatever they may.",
        hints=(
            lambda names: "Who may set a secret is one question, from where is another.",
            lambda names: f"Look at {names.vault}, Settings, Networking.",
            lambda names: "Choose Allow public access from all networks there, and apply; or let the portal do it.",
        ),
        idea="network-rules",
        remedies=("open-network",),
    ),
    "secret_missing_nobody_may_set": Reason(
        "The vault has no such secret, and no access policy lets anybody set one.",
        why=_NO_RIGHT,
        hints=(
            lambda names: (
                f"If Azure tells you that you are not authorized in {names.vault}, it is right: who is on "
                "the list of those who may?"
            ),
            lambda names: f"The list is {names.vault}, Access policies. It lacks an entry for your own account.",
            lambda names: (
                f"Signed in with your own account: `{az.set_policy(names, az.MYSELF)}`. Signed in as a "
                "service principal, say --spn instead of --upn."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "secret_missing_no_role_to_set": Reason(
        "The vault goes by roles and has no such secret, and the portal's caller has no role to set one.",
        why=_NO_RIGHT,
        hints=(
            lambda names: "Owner sounds like everything. Look at its description: does it say anything about secrets?",
            lambda names: (
                f"Roles that open what is inside begin with Key Vault, and are given under {names.vault}, "
                "Access control (IAM). Which of them writes secrets?"
            ),
            lambda names: (
                f"Key Vault Secrets Officer, for yourself, on {names.vault}. It takes a few minutes to count."
            ),
        ),
        idea="access-policy-and-rbac",
    ),
    "secret_under_other_name": Reason(
        "The vault has secrets, but none of the wanted name.",
        why="The machine asks for the secret by its name, and a name that differs by one letter is another secret.",
        hints=(
            lambda names: f"Compare letter by letter with {names.secret}.",
            lambda names: (
                f"A secret cannot be renamed. Make one named {names.secret}, or tell the portal which of "
                "yours you mean."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "secret_in_other_vault": Reason(
        "The secret is not in the vault, but in another one of the group.",
        why="The machine is let into one vault, and reads from its address. What is in another vault, it does not see.",
        hints=(
            lambda names: "Which vault was open when you created the secret?",
            lambda names: (
                f"A secret cannot be moved. Make {names.secret} once more in {names.vault}, or tell the "
                "portal that the other vault is the one you mean."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "secret_deleted": Reason(
        "The secret was deleted and can be recovered.",
        why="A deleted secret is kept for a while, in case it was a mistake, and keeps its name: creating it anew is "
        "refused with a conflict until it is recovered or purged.",
        hints=(
            lambda names: f"Deleted is not gone. Where does {names.vault} keep what was deleted?",
            lambda names: "Under Objects, Secrets, there is Manage deleted secrets at the top.",
            lambda names: f"`{az.recover_secret(names)}` brings it back with its value.",
        ),
        idea="soft-delete",
        remedies=("recover-secret",),
    ),
    "secret_disabled": Reason(
        "The secret is disabled.",
        why="A disabled secret is there, but the vault refuses to hand it out, to the machine and to everyone else.",
        hints=(
            lambda names: f"Open {names.secret}: what does Azure say about its current version?",
            lambda names: "Every version has a switch, Enabled. Only the current version matters here.",
            lambda names: f"`{az.enable_secret(names)}` sets it.",
        ),
        idea="control-and-data-plane",
        remedies=("enable-secret", "new-version"),
    ),
    "secret_not_active_yet": Reason(
        "The secret's activation date lies ahead.",
        why="The date says from when on the secret is meant to be used. The vault hands it out even before, but "
        "programs that mind the date leave it alone.",
        hints=(
            lambda names: f"Open the current version of {names.secret}, and read its dates. Which day is it today?",
            lambda names: "Clear Set activation date, or make a new version without dates.",
        ),
        idea="control-and-data-plane",
        remedies=("new-version",),
    ),
    "secret_expired": Reason(
        "The secret's expiration date has passed.",
        why="The date says until when the secret is meant to be used. The vault hands it out even after, but programs "
        "that mind the date leave it alone, and so should you.",
        hints=(
            lambda names: f"Open the current version of {names.secret}, and read its dates. Which day is it today?",
            lambda names: "Clear Set expiration date, or make a new version without dates.",
        ),
        idea="control-and-data-plane",
        remedies=("new-version",),
    ),
}
