"""What is asked for before a token is made."""

from __future__ import annotations

from django import forms

from labportal.results.models import ApiToken

DAYS = ((7, "A week"), (30, "30 days"), (90, "90 days"), (365, "A year"))


class TokenForm(forms.Form):
    """``days`` as a number in ``cleaned_data``."""

    name = forms.CharField(
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text="What it is for, such as the program that uses it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label="Good for", choices=DAYS, coerce=int, initial=90)
