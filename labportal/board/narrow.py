"""Which students a board shows and in which order: all of it stands in the address, so that it can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet

from labportal.board.need import STUCK, Need
from labportal.board.words import task_name
from labportal.classes.finding import called
from labportal.classes.models import Membership
from steps.kit.lab import Lab

ALL = 1_000
"""Rows of a page that shows everybody: what stays smooth."""
SIZES = {"50": 50, "100": 100, "all": ALL}
_NEEDS = {
    "stuck": "Needs help",
    "hand": "Hand raised",
    "failing": "Same failure again",
    "slow": "Longer than others",
    "idle": "Idle",
    "working": "Working",
    "azure": "Waiting for Azure or the portal",
    "away": "Away",
    "not_begun": "Not begun",
    "done": "Done",
    "alone": "Done alone",
    "mastered": "Mastered",
}
_HELP = {
    "alone": "None, alone so far",
    "hints": "Hints",
    "repaired": "A repair by the portal",
    "portal": "Carried out by the portal",
}
_SORTS = {"need": "Who needs help first", "name": "Name", "progress": "Progress", "seen": "Last sign of life"}
ALONE = Q(standing__hints=0, standing__repaired=0, standing__by_portal=0)
_HELD = {
    "alone": Q(standing__begun_at__isnull=False) & ALONE,
    "hints": Q(standing__hints__gt=0),
    "repaired": Q(standing__repaired__gt=0),
    "portal": Q(standing__by_portal__gt=0),
}
_ORDERS: Mapping[str, Sequence[Any]] = {
    "need": ("need", "standing__hand_at", "gone", "-standing__failures", "-standing__seconds", "name", "pk"),
    "name": ("name", "pk"),
    "progress": (F("standing__done").desc(nulls_last=True), "name", "pk"),
    "seen": (F("standing__last_at").desc(nulls_last=True), "name", "pk"),
}
Choices = list[tuple[str, str]]


class BoardForm(forms.Form):
    """What the address may say. What makes no sense in it counts as not said."""

    q = forms.CharField(label="Name", required=False, max_length=120)
    need = forms.ChoiceField(label="State", required=False)
    at = forms.ChoiceField(label="At", required=False)
    reason = forms.CharField(label="Stopped by", required=False, max_length=64)
    help = forms.ChoiceField(label="Help used", required=False)
    sort = forms.ChoiceField(label="Order", required=False)
    show = forms.ChoiceField(label="Rows", required=False)

    def __init__(self, lab: Lab, reasons: Mapping[str, str], data: Mapping[str, Any]) -> None:
        """``reasons``: those that stop somebody now, with their meaning."""
        super().__init__(data)
        tasks = [(task.id, _capital(task_name(lab, task.id))) for task in lab.tasks]
        chosen = str(data.get("reason", ""))
        stops = {**reasons, **({chosen: reasons.get(chosen, chosen)} if chosen else {})}
        self._choose("need", [("", "Everybody"), *_NEEDS.items()])
        self._choose("at", [("", "Any task"), *tasks])
        self._choose("help", [("", "Any or none"), *_HELP.items()])
        self._choose("sort", list(_SORTS.items()))
        self._choose("show", [("50", "50"), ("100", "100"), ("all", f"All, up to {ALL:,}")])
        self.fields["reason"].widget = forms.Select(choices=[("", "Anything or nothing"), *stops.items()])

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name] = forms.ChoiceField(label=self.fields[name].label, required=False, choices=choices)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an address says, with what it leaves open filled in."""

    q: str = ""
    need: str = ""
    at: str = ""
    reason: str = ""
    help: str = ""
    sort: str = "need"
    show: str = "50"

    @property
    def size(self) -> int:
        return SIZES[self.show]

    @property
    def any(self) -> bool:
        """Not everybody is shown."""
        return bool(self.q or self.need or self.at or self.reason or self.help)

    @property
    def more(self) -> bool:
        """Something is said that a small screen does not show at once."""
        return self != Narrowed(q=self.q, need=self.need)

    @property
    def by_need(self) -> bool:
        """Another need may put a student elsewhere, or take them off the page."""
        return self.sort == "need" or bool(self.need)

    def apply(self, students: QuerySet[Membership]) -> QuerySet[Membership]:
        """To students that a ``Rule`` has classified."""
        chosen = students.filter(self._state(), called(self.q))
        if self.at:
            chosen = chosen.filter(standing__task_id=self.at, standing__begun_at__isnull=False)
        if self.reason:
            chosen = chosen.filter(standing__reason=self.reason)
        if self.help:
            chosen = chosen.filter(_HELD[self.help])
        return chosen.order_by(*_ORDERS[self.sort])

    def _state(self) -> Q:
        match self.need:
            case "":
                return Q()
            case "stuck":
                return Q(need__in=STUCK)
            case "alone":
                return Q(need=Need.DONE) & ALONE
            case "mastered":
                return Q(standing__mastered_at__isnull=False)
            case need:
                return Q(need=Need[need.upper()])


def narrowed_by(form: BoardForm) -> Narrowed:
    form.is_valid()  # what is not is left out of cleaned_data
    return Narrowed(**{name: value for name, value in form.cleaned_data.items() if value})


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
