"""What the interface for programs answers. The descriptions here are those of its OpenAPI document and of its page.

Times are ISO 8601 in UTC, durations whole seconds. None of it holds a secret's value, a token or a name in Azure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from labportal.results.ways import State, Way

TaskId = Annotated[str, Field(description="Of the lab's task; it never changes meaning.")]
Verdict = Literal["", "not_yet", "could_not_tell"]


class Problem(Schema):
    """What went wrong, as in RFC 9457."""

    type: str = Field("about:blank", description="Always about:blank: the status says it all.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong, for a person to read.")


class LabTask(Schema):
    id: TaskId
    number: int = Field(description="Its place in the lab; 0 for the preflight.")
    title: str
    points: float = Field(description="What it is worth in this class.")


class Late(Schema):
    rule: Literal["full", "daily", "nothing"] = Field(
        description="What is done late counts in full, loses a part for each day begun, or counts for nothing."
    )
    percent: int = Field(description="What each day begun takes, where the rule is daily.")


class ClassOut(Schema):
    id: int
    name: str
    lab_id: str
    lab_title: str
    time_zone: str = Field(description="Where the class is held, an IANA name.")
    starts_at: datetime | None
    due_at: datetime | None
    archived_at: datetime | None
    late: Late
    tasks: list[LabTask] = Field(description="In their order.")
    points: float = Field(description="What all tasks are worth together; the challenge is no part of it.")
    challenge_points: float | None = Field(description="What mastery brings of its own; null where it brings none.")
    students: int = Field(description="How many there are.")
    begun: int
    complete: int
    mastered: int


class Place(Schema):
    """The first task that is not done, and what the latest look at it found first that was not passed."""

    task_id: TaskId
    state: Literal["", "queued", "running", "waiting", "finished", "cancelled", "lost"] = Field(
        description="Of the latest attempt at it; empty before the first."
    )
    verdict: Verdict = Field(description="Empty where nothing is open.")
    check_id: str
    reason: str = Field(description="Why the check was not passed: an id that never changes meaning.")
    failures: int = Field(description="How many checks in a row ended at the same check for the same reason.")
    tries: int
    seconds: int = Field(description="Of work at it so far, without breaks.")


class StudentOut(Schema):
    id: int = Field(description="Of the student in this class.")
    name: str
    email: str = Field(description="From the roster; empty for who joined by code.")
    begun_at: datetime | None
    last_at: datetime | None = Field(description="The last sign of life.")
    done: int = Field(description="How many tasks are done.")
    complete_at: datetime | None = Field(description="When the last of all tasks was done.")
    mastered_at: datetime | None = Field(description="When the challenge was mastered, which counts for no task.")
    hints: int = Field(description="Seen over all tasks.")
    repaired: int = Field(description="Tasks done with a repair by the portal.")
    carried_out: int = Field(description="Tasks that the portal carried out.")
    at: Place | None = Field(description="Where the student is; null once all is done, and before the lab is begun.")


class TaskOut(Schema):
    task_id: TaskId
    state: State = Field(
        description="not_yet: a try of the student's found something missing. not_tried: only a check that an "
        "instructor asked for has looked, and it is not there. to_do: nobody has looked."
    )
    way: Way | None = Field(description="How it was done; null while it is open.")
    found_by_instructor: bool | None = Field(
        description="Whether a check that an instructor asked for found it done, alone or in a round, and none of the "
        "student's own; null while it is open."
    )
    tries: int = Field(
        description="What the student asked for and came to an end; what an instructor asked for is none."
    )
    first_try: bool | None = Field(description="Whether the first try passed; null where there was none.")
    hints: int
    seconds: int = Field(description="Of work, without breaks.")
    done_at: datetime | None
    points: float
    days_late: int = Field(description="Days begun after the class's due time until it was done.")


class OneStudent(Schema):
    id: int
    name: str
    email: str
    tasks: list[TaskOut] = Field(description="All of the lab's, in their order.")
    challenge: TaskOut | None = Field(description="Counted apart; null where the lab has none.")


class CauseOut(Schema):
    """The same thing that stops several students now."""

    task_id: TaskId
    check_id: str
    check: str = Field(description="The title of the check.")
    reason: str
    verdict: Literal["not_yet", "could_not_tell"]
    meaning: str = Field(description="What the reason means, as a sentence.")
    students: int = Field(description="How many it stops.")
    at_task: int = Field(description="How many are at that task now.")


class ResultOut(Schema):
    """Points of one student."""

    id: int
    name: str
    email: str
    points: float
    lost: float = Field(description="What being late took.")
    late: int = Field(description="Tasks done late.")
    complete_at: datetime | None
    mastered_at: datetime | None
    challenge_points: float | None = Field(description="Of mastery, apart from the sum; null where it brings none.")
    by_task: dict[str, float] = Field(description="Points by the task's id.")


_Next = Annotated[int | None, Field(description="The cursor of the next page; null on the last one.")]


class Students(Schema):
    items: list[StudentOut]
    next: _Next


class Results(Schema):
    items: list[ResultOut]
    next: _Next


class Causes(Schema):
    items: list[CauseOut] = Field(description="What stops most students first.")
