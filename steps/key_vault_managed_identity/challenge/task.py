"""The challenge after Task 4: foresee what happens without the access, see it, and have it back.

It is no task to be done: it has a number only for the pages, and what it passes is mastery, apart from completion.
"""

from __future__ import annotations

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.challenge.back import BACK, judge_back
from steps.key_vault_managed_identity.challenge.prediction import PREDICTION, judge_prediction
from steps.key_vault_managed_identity.challenge.seen import HAPPENED, judge_happened
from steps.key_vault_managed_identity.challenge.steps import ASK, LOOK, PUT_BACK, READ_AGAIN, TAKE_AWAY
from steps.key_vault_managed_identity.challenge.taking import MISSING
from steps.key_vault_managed_identity.guides.challenge import HINTS, guide
from steps.kit.task import Check, Task

TASK = Task(
    id="challenge",
    number=5,
    title="Challenge: without its access",
    summary="What happens if the machine loses its access to the vault, and still has its token? Say it beforehand, "
    "then see it.",
    guide=guide,
    actions=(LOOK, TAKE_AWAY, ASK, PUT_BACK),
    probes=(READ_AGAIN,),
    asks=(PREDICTION,),
    hints=HINTS,
    checks=(
        Check(HAPPENED, "What happened", (looks.VM,), judge_happened),
        Check("prediction", "What you foresaw", (looks.VM,), judge_prediction),
        Check(BACK, "What was taken is back", (MISSING,), judge_back),
    ),
)
