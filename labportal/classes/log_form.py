"""What somebody looks for in the log of a class; it is kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q

from labportal.classes.models import Act, Membership
from labportal.classes.names import one_line

GONE = "gone"
SOME_DAY: list[Callable[[Any], None]] = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``student`` is part of a name, "" for all; ``conditions`` are all else that an act must meet."""

    student: str
    conditions: Q


class Day(forms.DateField):
    """As the browser's own calendar gives it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = SOME_DAY


class LogForm(forms.Form):
    """Every field may be empty. Days are those of clocks in ``zone``, the last one included."""

    student = forms.CharField(label="Student", required=False, max_length=120)
    what = forms.ChoiceField(label="What", required=False, choices=[("", "Anything"), *Act.Kind.choices])
    who = forms.ChoiceField(label="Done by", required=False)
    since = Day(label="From", required=False)
    until = Day(label="To", required=False)

    def __init__(self, data: Any, *, staff: Iterable[Membership], zone: str) -> None:
        super().__init__(data)
        self.zone = ZoneInfo(zone)
        self.staff = {str(one.user_id): one.user.get_username() for one in staff}
        by: list[tuple[str, str]] = [("", "Anybody"), *self.staff.items(), (GONE, "Somebody who teaches it no more")]
        self.fields["who"] = forms.ChoiceField(label="Done by", required=False, choices=by)

    def clean_student(self) -> str:
        return one_line(str(self.cleaned_data["student"]))

    @property
    def wanted(self) -> Wanted:
        """By those fields that can be read; ``errors`` say what is wrong with the others."""
        self.full_clean()
        given = {key: value for key, value in self.cleaned_data.items() if value}
        conditions = Q()
        if "what" in given:
            conditions &= Q(kind=given["what"])
        if given.get("who") == GONE:
            conditions &= Q(by=None) | ~Q(by__in=list(self.staff))
        elif "who" in given:
            conditions &= Q(by=given["who"])
        if "since" in given:
            conditions &= Q(at__gte=self._begin(given["since"]))
        if "until" in given:
            conditions &= Q(at__lt=self._begin(given["until"] + timedelta(days=1)))
        return Wanted(given.get("student", ""), conditions)

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)
