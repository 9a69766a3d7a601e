"""Whom an instructor invites, and what a member is called and may do."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError

from labportal.classes.models import LONGEST_NAME, Invitation, LabClass, Membership

Role = Membership.Role
JOINERS = "\u200c\u200d"
UNSEEN = ("Cc", "Cf")
"""Of Unicode's categories: control characters, and those that only change how others are shown."""
ROLES = (
    (Role.STUDENT, "Student: does the lab"),
    (Role.OBSERVER, "Observer: sees the whole class, and changes nothing"),
    (Role.INSTRUCTOR, "Instructor: may do all that you may"),
)
GUEST = "A guest cannot teach. Once they have signed up, they can."


def one_line(text: str) -> str:
    """Without blanks around it, and with one between words.

    Characters that nobody sees are left out: they would turn the line that a name stands in around, or let two names
    look alike. But for those that join letters, which names in some scripts need. Raises ValidationError where nothing
    is left to be seen.
    """
    shown = "".join(one for one in text if one.isspace() or one in JOINERS or category(one) not in UNSEEN)
    line = " ".join(shown.split())
    if not line.strip(JOINERS):
        raise ValidationError("Write a name that can be seen.")
    return line


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
            raise ValidationError("Somebody with this address is invited already.")
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
