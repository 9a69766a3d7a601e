"""The student's own names, by the rules Azure has for them."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from labportal.classes.allowed import EVERYTHING, Allowed
from steps.kit.task import POLICIES, ROLES


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


def check_vm_name(name: str) -> None:
    """Azure's rule for the names of virtual machines."""
    if not re.fullmatch(r"[A-Za-z0-9._-]*", name):
        raise ValidationError("Use only letters (a-z), digits, hyphens, underscores and full stops.")
    if len(name) > 64:
        raise ValidationError(f"Use at most 64 characters; this has {len(name)}.")
    if not name[0].isalnum() or name[-1] in ".-":
        raise ValidationError("Begin with a letter or a digit, and do not end with a hyphen or a full stop.")


def _text_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


MODELS = [
    (POLICIES, "Access policies: the vault keeps a list of its own, of who may do what with its secrets."),
    (ROLES, "Azure roles: the vault asks Azure's role assignments, as everything else in Azure does."),
]


class NamesForm(forms.Form):
    """What the student may choose. The group and the region come with the subscription.

    Given ``allowed``, what a class of theirs does not accept cannot be chosen, and the form says so.
    """

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
    vm_name = forms.CharField(
        label="Virtual machine",
        help_text="The one that is to read the secret. Change it only if your resource group has several "
        "and you mean another.",
        widget=_text_input(),
        validators=[check_vm_name],
    )
    permission_model = forms.ChoiceField(
        label="How the vault decides who may read",
        choices=MODELS,
        help_text="The lab is written for access policies. Choose what your vault really uses: "
        "the checks then look for that.",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, allowed: Allowed = EVERYTHING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not allowed.roles:
            model = cast(forms.ChoiceField, self.fields["permission_model"])
            model.choices = [choice for choice in MODELS if choice[0] != ROLES]
            model.help_text = allowed.no_roles


FIELDS = {"vault": "vault_name", "secret": "secret_name", "vm": "vm_name", "permission_model": "permission_model"}
"""Which field of the form, and of the walk, a name of ``steps.kit.task.Names`` is. The others cannot be chosen."""


def read_choice(name: str, value: str) -> dict[str, str]:
    """What to change for a ``steps.kit.verdict.Choice``, by the form's own rules. Raises ValidationError."""
    if name not in FIELDS:
        raise ValidationError("That is not one of the names you can choose.")
    field = FIELDS[name]
    return {field: NamesForm.base_fields[field].clean(value)}
