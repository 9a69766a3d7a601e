"""Whom an instructor invites, and what a member is called and may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from labportal.classes import names
from labportal.classes.models import LONGEST_NAME, Invitation, LabClass, Membership

Role = Membership.Role
ROLES = (
    (Role.STUDENT, "Student: does the lab"),
    (Role.OBSERVER, "Observer: sees the whole class, and changes nothing"),
    (Role.INSTRUCTOR, "Instructor: may do all that you may"),
)
GUEST = "A guest cannot teach. Once they have signed up, they can."


def one_line(text: str) -> str:
    """As ``names.one_line`` leaves it. Raises ValidationError where nothing is left to be seen."""
    line = names.one_line(text)
    if not line:
        raise ValidationError("Write a name that can be seen.")
    return line


INVITED = (
    "Somebody with this address is invited already. Withdraw that invitation first if they were removed since: an old "
    "one does not let them in again."
)


class InviteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """For one person, into ``lab_class``."""

    class Meta:
        model = Invitation
        fields = ("name", "email", "role")
        labels = {"name": "Their name", "email": "Their address, if you like", "role": "What they will be"}
        help_texts = {"email": "The portal sends no mail. An address tells two people of one name apart."}

    role = forms.ChoiceField(label="What they will be", choices=ROLES, widget=forms.RadioSelect, initial=Role.OBSERVER)

    def __init__(self, *args: Any, lab_class: LabClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.lab_class = lab_class

    def clean_name(self) -> str:
        return one_line(str(self.cleaned_data["name"]))

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        of_class = {"lab_class": self.instance.lab_class, "email__iexact": email}
        if email and Invitation.objects.filter(**of_class, accepted_at=None).exists():
            raise ValidationError(INVITED)
        if email and Membership.objects.filter(**of_class).exists():
            raise ValidationError("Somebody with this address is in the class already.")
        return email


class MemberForm(forms.Form):
    """Of one member."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    role = forms.ChoiceField(label="What they are", choices=ROLES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": member.name, "role": member.role}
        self.member = member

    def clean_name(self) -> str:
        return one_line(str(self.cleaned_data["name"]))

    def clean_role(self) -> Membership.Role:
        role = Role(self.cleaned_data["role"])
        if role != Role.STUDENT and self.member.user.is_guest:
            raise ValidationError(GUEST)
        return role
