"""The reasons that findings of Task 2 give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "secret_there": Reason("The secret is in the vault."),
    "secret_missing": Reason("The vault has no secret at all."),
    "secret_under_other_name": Reason("The vault has secrets, but none of the wanted name."),
    "secret_not_there_to_look_at": Reason("A check needs the secret, which is not there."),
    "secret_usable": Reason("The secret is enabled and within its dates."),
    "secret_disabled": Reason("The secret is disabled."),
    "secret_not_active_yet": Reason("The secret's activation date lies ahead."),
    "secret_expired": Reason("The secret's expiration date has passed."),
}
