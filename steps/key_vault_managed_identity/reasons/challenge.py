"""The reasons that findings of the challenge give."""

from __future__ import annotations

from steps.kit.reasons import Reason

_LIST = "What a token holds stays as it is until it runs out. What its bearer may do can change at any moment."

REASONS: dict[str, Reason] = {
    "challenge_not_begun": Reason(
        "Nothing has been taken away yet.",
        why="Foreseeing what a system does is the test of having understood it.",
        hints=(
            lambda names: f"What does {names.vault} look at when {names.vm} asks?",
            lambda names: "Choose an answer. A wrong one does no harm.",
        ),
        idea="access-policy-and-rbac",
    ),
    "challenge_refused": Reason("Without its access the vault turned the machine away.", why=_LIST, remark=True),
    "challenge_refused_otherwise": Reason(
        "Without its access the machine was turned away for another reason.",
        why="Two reasons at a time hide each other: what the missing access does was not to be seen.",
        hints=(
            lambda names: f"What Azure said names it. Does {names.vm} read {names.secret} now that its access is back?",
            lambda names: "Check Task 4. It tells the network of the vault, the secret and the token apart.",
        ),
    ),
    "challenge_still_reads": Reason(
        "The machine went on reading after its access was taken away.",
        why="Azure applies a change of access after a while, and nobody can see from outside when it has.",
        hints=(
            lambda names: f"Who else is let into {names.vault}, and who belongs to them?",
            lambda names: (
                f"A group counts as well as the identity itself: is {names.vm} in one that may read? If not, it is "
                "only a matter of time."
            ),
        ),
        idea="access-policy-and-rbac",
    ),
    "challenge_no_answer": Reason(
        "The machine, or the vault, gave no answer that tells anything.",
        why="An answer that did not come says nothing about the access, in either direction.",
        hints=(
            lambda names: f"Does {names.vm} run, and is its agent ready?",
            lambda names: "Check Task 4: it names what keeps the machine from answering. Then come back.",
        ),
    ),
    "challenge_vault_in_trouble": Reason(
        "The vault was in trouble, and told the machine nothing about its access.",
        why="Who is not answered has been neither let in nor turned away.",
        hints=(
            lambda names: "Azure has such moments, and they pass. What you foresaw is not lost.",
            lambda names: f"Does {names.vm} read {names.secret} when you check Task 4? Then take the challenge again.",
        ),
    ),
    "challenge_access_unknown": Reason(
        "Azure was in trouble for so long that what was taken away may still be missing.",
        why="Until it is back, the machine cannot read. The portal has noted down what it was.",
        hints=(
            lambda names: (
                f"What has {names.vm} in {names.vault} now? Access policies, or Access control (IAM), shows it."
            ),
            lambda names: "Taking the challenge again puts back what is missing before anything else.",
        ),
    ),
    "challenge_locked": Reason(
        "A lock keeps the machine's access from being taken away.",
        why="A lock is set on purpose, so that nothing is lost by a slip: it holds against owners and against the "
        "portal.",
        hints=(
            lambda names: f"Look under Settings, Locks, of {names.vault}, and of {names.resource_group}.",
            lambda names: "Removing a lock takes the role Owner or User Access Administrator.",
        ),
        idea="control-and-data-plane",
    ),
    "challenge_access_inherited": Reason(
        "The machine reads by a role from further up, or through a group, which the challenge does not touch.",
        why="A role on the group or the subscription opens every vault there is in it. Taking it away would shut out "
        "more than this lab.",
        hints=(
            lambda names: f"Where was the role given by which {names.vm} reads: at {names.vault}, or above it?",
            lambda names: f"{names.vault}, Access control (IAM), Role assignments: the column Scope says Inherited.",
        ),
        idea="access-policy-and-rbac",
    ),
    "challenge_may_not_put_back": Reason(
        "The portal may not give the access back, so it does not take it.",
        why="Taking away without being allowed to give again would leave the machine without.",
        hints=(
            lambda names: f"Which roles has the identity of your connection on {names.resource_group}?",
            lambda names: "By hand it goes as well: the guide of the challenge has all three steps.",
        ),
        idea="access-policy-and-rbac",
    ),
    "challenge_vault_gone": Reason(
        "The vault was deleted while the challenge was under way.",
        why="Access is kept in the vault: with the vault it goes, and with a recovered one comes back what was there "
        "when it was deleted.",
        hints=(
            lambda names: f"Who has deleted {names.vault} meanwhile? Its Activity log in the resource group tells.",
            lambda names: "Key vaults, Manage deleted vaults: a deleted vault can be recovered from there.",
        ),
        idea="soft-delete",
    ),
    "challenge_foreseen": Reason(
        "The student foresaw that the vault answers 403.",
        why="Who can say beforehand which of the two answers no, the one that vouches or the one that lets in, finds "
        "the fault in any such system.",
        idea="access-policy-and-rbac",
        remark=True,
    ),
    "challenge_not_foreseen": Reason(
        "The student expected something else than 403, or nothing.",
        why=_LIST,
        hints=(
            lambda names: f"Who gave {names.vm} its token, and does that one know what {names.vault} allows?",
            lambda names: f"{names.vault} had two questions: who are you, and what may you do? Which was answered no?",
            lambda names: "401 stands for the first question, 403 for the second.",
        ),
        idea="access-policy-and-rbac",
        missed=True,
    ),
    "challenge_took_nothing": Reason("Nothing was taken away, so nothing has to come back."),
    "challenge_access_back": Reason("The machine has its access again, and has read with it."),
    "challenge_access_away": Reason(
        "What was taken away could not be put back.",
        why="Until it is back, the machine cannot read, and Tasks 3 and 4 do not pass when they are checked again.",
        hints=(
            lambda names: f"What did {names.vm} have in {names.vault}? The timeline says what was noted down.",
            lambda names: "Run the command above, or have Task 3 carried out once more: it gives the same access.",
        ),
    ),
    "challenge_access_not_in_effect": Reason(
        "The machine's access is back, and the vault does not apply it yet.",
        why="Giving takes Azure as long as taking away: the vault learns of it after a while.",
        hints=(
            lambda names: "Only time helps here.",
            lambda names: f"If it lasts for more than ten minutes, check Task 3: it shows what {names.vm} has.",
        ),
    ),
    "challenge_not_read_again": Reason(
        "The machine's access is back, and the machine has not read since.",
        why="That access stands in the list is one thing, that it works another: only reading proves it.",
        hints=(
            lambda names: f"Does {names.vm} run, and is its agent ready?",
            lambda names: "Check Task 4: it asks the machine once more, and says what is in the way.",
        ),
    ),
}
