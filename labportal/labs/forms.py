"""The student's own names, by the rules Azure has for them."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError


def check_vault_name(name: str) -> None:
    """Key Vault's rule for vault names; says which part of it is broken."""
    if not re.fullmatch(r"[A-Za-z0-9-]*", name):
        raise ValidationError("Use only letters (a-z), digits and hyphens: the name becomes part of a web address.")
    if not 3 <= len(name) <= 24:
        raise ValidationError(f"Use 3 to 24 characters; this has {len(name)}.")
    if not name[0].isalpha():
        raise ValidationError("Begin with a letter.")
    if name.endswith("-"):
        raise ValidationError("End with a letter or a digit, not a hyphen.")
    if "--" in name:
        raise ValidationError("Do not put two hyphens next to each other.")


def check_secret_name(name: str) -> None:
    """Key Vault's rule for secret names."""
    if not re.fullmatch(r"[A-Za-z0-9-]*", name):
        raise ValidationError("Use only letters (a-z), digits and hyphens.")
    if len(name) > 127:
        raise ValidationError(f"Use at most 127 characters; this has {len(name)}.")


def _text_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


class NamesForm(forms.Form):
    """What the student may choose. Group, place and VM come with the subscription."""

    vault_name = forms.CharField(
        label="Key vault",
        help_text="3 to 24 letters, digits and single hyphens, beginning with a letter. "
        "It must be free in all of Azure, so make it your own.",
        widget=_text_input(),
        validators=[check_vault_name],
    )
    secret_name = forms.CharField(
        label="Secret",
        help_text="Up to 127 letters, digits and hyphens. The secret's name: its value is never asked for here.",
        widget=_text_input(),
        validators=[check_secret_name],
    )
