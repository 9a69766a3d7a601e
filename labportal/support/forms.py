"""What somebody writes: a question, a message, a note."""

from __future__ import annotations

from typing import Any

from django import forms

from labportal.redaction import redact
from labportal.support.audience import Audience
from labportal.support.models import LONGEST_ASK, LONGEST_MESSAGE, LONGEST_NOTE


class Text(forms.CharField):
    """Several lines. A line's end counts as one character, as in the browser's own count. A token or a credential
    that somebody pastes into it is taken out before it is kept."""

    def __init__(self, rows: int, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **more)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return redact(text.replace("\r\n", "\n")) if isinstance(text, str) else text


class AskForm(forms.Form):
    """What the student may say when they ask for help: nothing at all is fine."""

    text = Text(2, required=False, max_length=LONGEST_ASK)


class NoteForm(forms.Form):
    text = Text(
        3,
        label="A note for those who teach this class",
        max_length=LONGEST_NOTE,
        help_text="The student's pages do not show it. Whoever asks for what is kept about them gets it.",
    )


class MessageForm(forms.Form):
    """``remedy`` is there only where the portal can mend what holds the audience up."""

    text = Text(5, label="Message", max_length=LONGEST_MESSAGE)

    def __init__(self, audience: Audience, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if audience.mendings:
            nothing = ("", "No offer, only the message")
            self.fields["remedy"] = forms.ChoiceField(
                label="Offer to have it mended",
                required=False,
                widget=forms.RadioSelect,
                choices=[nothing, *((one.id, one.title) for one in audience.mendings)],
                help_text="Each student sees exactly what would be changed, and it is done only for who accepts. "
                "Whoever has mended it by then is told that it is no longer needed.",
            )
