"""What somebody who joins is asked."""

from __future__ import annotations

from django import forms

from labportal.classes.models import LONGEST_NAME
from labportal.classes.people_forms import one_line


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code of the class",
        max_length=200,
        help_text="Eight letters and digits, as your instructor shows them. Case, blanks and dashes do not matter.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NameForm(forms.Form):
    """What the class is to call somebody."""

    name = forms.CharField(
        label="Your name",
        max_length=LONGEST_NAME,
        help_text="As your instructor knows you. Only those who teach the class see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return one_line(str(self.cleaned_data["name"]))
