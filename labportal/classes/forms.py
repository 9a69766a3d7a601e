"""What an instructor sets: what students may use, what tasks are worth, who counts as stuck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from labportal.classes.dates import DatesForm, Group
from labportal.classes.models import LabClass, Membership
from labportal.results.points import rules_of
from steps.kit.lab import Lab
from steps.kit.task import Task
from steps.registry import LABS

MOST_POINTS = 1000
ALLOWED = {
    "allows_carry_out": "Have the portal carry out a task",
    "allows_hints": "Read hints",
    "allows_repair": "Have the portal repair what it found wrong",
    "allows_roles": "Let the machine in by Azure roles instead of access policies",
}
"""What a class may keep from its students, as its instructor switches it."""
OFF = (
    "What is off is offered to no student of this class, and refused to whoever asks all the same. Cleaning up, "
    "and taking back what the portal did, always work."
)


class ClassForm(DatesForm):
    """What both a new class and one that is there have."""

    class Meta(DatesForm.Meta):
        fields = (*DatesForm.Meta.fields, *ALLOWED)
        labels = DatesForm.Meta.labels | ALLOWED

    def groups(self) -> Iterator[Group]:
        yield from super().groups()
        yield self.group("What students may use", OFF, *ALLOWED)


class NewClassForm(ClassForm):
    """The rest has good defaults. With one lab there is nothing to choose."""

    lab_id = forms.ChoiceField(label="Lab", choices=lambda: [(lab.id, lab.title) for lab in LABS.values()])

    class Meta(ClassForm.Meta):
        fields = (*ClassForm.Meta.fields, "lab_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-own-zone"] = ""  # static/js/zone.js chooses the browser's
        if len(LABS) == 1:
            del self.fields["lab_id"]
            self.instance.lab_id = next(iter(LABS))

    def groups(self) -> Iterator[Group]:
        if "lab_id" in self.fields:
            yield self.group("Lab", "", "lab_id")
        yield from super().groups()


class SettingsForm(ClassForm):
    """All that can be set in a class that is there. Its lab stays what it is: its students have begun it.

    What a task is worth is a field of its own for each, and together ``points`` of the class.
    """

    class Meta(ClassForm.Meta):
        fields = (*ClassForm.Meta.fields, "late", "late_percent", "stuck_failures", "stuck_idle_minutes")
        labels = ClassForm.Meta.labels | {
            "late": "What is done after the due date",
            "late_percent": "Percent lost for each day begun",
            "stuck_failures": "Failures in a row",
            "stuck_idle_minutes": "Minutes without a sign of life",
        }
        help_texts = DatesForm.Meta.help_texts | {
            "late_percent": "Counts only where what is late loses a part each day.",
            "stuck_failures": "At the same check, for the same reason.",
            "stuck_idle_minutes": "Inside a task that is begun and not done.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lab = LABS[self.instance.lab_id]
        rules = rules_of(self.instance, lab)
        for task in lab.tasks:
            self._add_points(task, f"{task.number}. {task.title}", int(rules.worth[task.id]))
        if lab.challenge is not None:
            words = "Beside the sum of the tasks. 0: mastering it gives no points."
            self._add_points(lab.challenge, lab.challenge.title, int(rules.challenge or 0), words)

    def groups(self) -> Iterator[Group]:
        yield from super().groups()
        worth = [_field(task) for task in _worth_something(LABS[self.instance.lab_id])]
        yield self.group("Points", "What each task is worth once it is done.", *worth, "late", "late_percent")
        yield self.group(
            "Who counts as stuck", "From here on, the board says so.", "stuck_failures", "stuck_idle_minutes"
        )

    def save(self, commit: bool = True) -> LabClass:
        """Only what is set here: its door, say, may have been set by somebody else meanwhile."""
        tasks = _worth_something(LABS[self.instance.lab_id])
        self.instance.points = {task.id: self.cleaned_data[_field(task)] for task in tasks}
        saved: LabClass = super().save(commit=False)
        if commit:
            saved.save(update_fields=[*self.Meta.fields, "points"])
        return saved

    def _add_points(self, task: Task, label: str, worth: int, words: str = "") -> None:
        self.fields[_field(task)] = forms.IntegerField(
            label=label, min_value=0, max_value=MOST_POINTS, initial=worth, help_text=words
        )


class CopyForm(DatesForm):
    """A new name and new dates, and who of those who teach comes along. Students never do."""

    def __init__(self, *args: Any, others: Iterable[Membership], **kwargs: Any) -> None:
        """``others`` are to choose from; ``cleaned_data["staff"]`` has those that are chosen, if there are any."""
        super().__init__(*args, **kwargs)
        by_key = {str(member.pk): member for member in others}
        if by_key:
            self.fields["staff"] = forms.TypedMultipleChoiceField(
                label="Who comes along",
                required=False,
                choices=[(key, f"{one.name}, {one.get_role_display().lower()}") for key, one in by_key.items()],
                coerce=by_key.__getitem__,
                widget=forms.CheckboxSelectMultiple,
            )

    def groups(self) -> Iterator[Group]:
        yield from super().groups()
        if "staff" in self.fields:
            yield self.group("Who teaches it with you", "", "staff")


def _worth_something(lab: Lab) -> tuple[Task, ...]:
    return (*lab.tasks, *([lab.challenge] if lab.challenge else []))


def _field(task: Task) -> str:
    return f"points_{task.id}"
