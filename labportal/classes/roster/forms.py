"""A roster as it is handed in: a file, or what was pasted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from labportal.classes.roster.decoding import Decoded, Unreadable, decode
from labportal.classes.roster.lines import Roster, read_roster

PASTED = "pasted text"


class RosterForm(forms.Form):
    """``roster`` has what was read, once the form is valid."""

    file = forms.FileField(label="A CSV file", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="Or paste it here",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": "name,email"}),
    )
    roster: Roster
    decoded: Decoded

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if file is None and not text.strip():
            raise ValidationError("Choose a file, or paste the roster.", code="nothing")
        field = "text" if file is None else "file"
        try:
            self.decoded = decode(file.read()) if file is not None else Decoded(text, PASTED)
            self.roster = read_roster(self.decoded)
        except Unreadable as error:
            self.add_error(field, str(error))
        return cleaned


def to_mend(text: str) -> RosterForm:
    """The same roster once more, to be changed by hand."""
    form = RosterForm(initial={"text": text})
    del form.fields["file"]
    form.fields["text"].label = "The roster"
    return form
