"""What is asked for before a task is opened again."""

from __future__ import annotations

from typing import Any

from django import forms

from labportal.support.forms import Text
from labportal.support.models import LONGEST_WHY

FIRST, ANEW = "first", "anew"


class ResetForm(forms.Form):
    """``first_done`` says when the task was done, in words."""

    counts = forms.ChoiceField(
        label="Done again, it counts",
        widget=forms.RadioSelect,
        initial=FIRST,
        error_messages={"required": "Say from when it is to count."},
    )
    why = Text(2, label="A word to the student", required=False, max_length=LONGEST_WHY)

    def __init__(self, first_done: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = (
            (FIRST, f"as before, from {first_done}. A check of yours, alone or of everyone, can find it done as well."),
            (ANEW, "from when the student does it again. Until a check of their own finds it done, it is open."),
        )
        self.fields["counts"].choices = choices  # type: ignore[attr-defined]  # it is the field above
