"""The steps of the challenge, in their order, with what each says beforehand."""

from __future__ import annotations

from steps.key_vault_managed_identity.challenge import asking, look, taking
from steps.kit.task import Action, Context, Names


def _plan_take(names: Names) -> str:
    what = "its role there" if names.by_roles else "its access policy"
    return (
        f"Take from the identity of {names.vm} in {names.vault} what lets it read: {what}. Nobody else's access "
        "changes."
    )


def _plan_back(names: Names) -> str:
    return (
        f"Give the identity of {names.vm} in {names.vault} back precisely what it had. This is done whatever happens, "
        "also if you cancel."
    )


def _taken(ctx: Context) -> bool:
    return look.taken(ctx) is not None


LOOK = Action(
    look.LOOK_ID,
    "Note down what the machine has",
    lambda names: f"Look at what lets {names.vm} into {names.vault}, and at whether the portal may put that back.",
    look.look,
)
TAKE_AWAY = Action("challenge-take-away", "Take the access away", _plan_take, taking.take_away)
ASK = Action(
    asking.ASK_ID,
    "Ask without access",
    lambda names: f"Let {names.vm} ask {names.vault} for {names.secret}, by the script of Task 4, and see what comes.",
    asking.ask,
    expected_seconds=30.0,
)
PUT_BACK = Action(
    look.BACK_ID,
    "Put the access back",
    _plan_back,
    taking.put_back,
    whatever_happened=True,
    even_if_cancelled=True,
    due=_taken,
)
READ_AGAIN = Action(
    asking.AGAIN_ID,
    "Ask with access",
    lambda names: f"Let {names.vm} ask once more, to see that it reads {names.secret} from {names.vault} as before.",
    asking.ask_again,
    expected_seconds=30.0,
    due=_taken,
)
