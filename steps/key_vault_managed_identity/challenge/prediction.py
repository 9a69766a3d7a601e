"""What the student expects, before it happens, and whether it came so."""

from __future__ import annotations

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.challenge.asking import refused
from steps.key_vault_managed_identity.challenge.seen import HAPPENED, told_of, where
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet, passed
from steps.kit.task import Ask, Context, Facts, Option
from steps.kit.verdict import Finding

RIGHT = "refused"
OPTIONS = (
    Option("reads", "The machine still reads the secret: its token is good for hours."),
    Option("no-token", "The metadata service gives the machine no token any more."),
    Option("unauthorized", "The vault answers 401 Unauthorized: it does not accept the token any more."),
    Option(RIGHT, "The vault answers 403 Forbidden: it knows the machine, and does not let it."),
    Option("gone", "The vault answers 404 Not Found: without its access, the secret is gone."),
)
_LABELS = {option.id: option.label for option in OPTIONS}
_WHY = {
    "reads": "The token was good, and is still. But it only says who the machine is. What that one may do, the vault "
    "looks up in its own list, anew with each request.",
    "no-token": "The machine got its token as before. Whoever gives it out vouches for an identity, and knows nothing "
    "of what a vault lets that identity do.",
    "unauthorized": "401 is for whom the vault cannot make out: no token, or one that is not good. This one was good. "
    "The vault knew very well who asked, and said no: that is 403.",
    "gone": "The secret was there all the while, for whoever may read it. Who is not let in does not even learn "
    "whether there is one.",
}


def keep(chosen: str) -> str:
    return chosen.strip() if chosen.strip() in _LABELS else ""


PREDICTION = Ask(
    id="prediction",
    label="What will happen when the machine asks for the secret once more?",
    help="Decide before you press. A wrong answer does no harm: you see what happens, and why, and may try again. "
    "Beside your mastery it says at which try you foresaw it.",
    keep=keep,
    options=OPTIONS,
)


def judge_prediction(ctx: Context, facts: Facts) -> Finding:
    names, chosen = ctx.names, ctx.answers.get(PREDICTION.id, "")
    wanted = f"To foresee what {names.vault} answers {names.vm} without its access."
    told = told_of(facts)
    seen = where(ctx, facts, told)
    if told is not None and not isinstance(told, AzureProblem) and refused(told):
        if chosen == RIGHT:
            return passed(
                "challenge_foreseen",
                wanted=wanted,
                found=f"You did: 403. The token says that it is {names.vm} who asks, and it is as good as before. What "
                f"{names.vm} may do stands in the vault alone, and the vault looks at every request anew.",
                seen=seen,
            )
        return not_yet(
            "challenge_not_foreseen",
            wanted=wanted,
            found=f"{_you_said(chosen)} It answered 403. {_WHY.get(chosen, '')}".rstrip(),
            next_step="Think it through once more with what you have seen, choose again, and take the challenge again.",
            seen=seen,
        )
    return common.waits_for(HAPPENED, "what really happens", seen, wanted=wanted)


def _you_said(chosen: str) -> str:
    return f'You said: "{_LABELS[chosen]}"' if chosen in _LABELS else "You had chosen nothing."
