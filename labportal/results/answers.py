"""From rows to what the interface for programs answers."""

from __future__ import annotations

from django.db.models import Count

from labportal.board.causes import Cause
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from labportal.results import schemas
from labportal.results.points import Rules, rules_of
from labportal.results.reading import StudentRow, TaskRow
from labportal.standings.models import Standing
from steps.registry import LABS


def rules(lab_class: LabClass) -> Rules:
    return rules_of(lab_class, LABS[lab_class.lab_id])


def class_out(lab_class: LabClass) -> schemas.ClassOut:
    """One query: how many are how far."""
    lab, told = LABS[lab_class.lab_id], rules(lab_class)
    numbers = students_of(lab_class).aggregate(
        students=Count("pk"),
        begun=Count("standing__begun_at"),
        complete=Count("standing__complete_at"),
        mastered=Count("standing__mastered_at"),
    )
    return schemas.ClassOut(
        id=lab_class.pk,
        name=lab_class.name,
        lab_id=lab.id,
        lab_title=lab.title,
        time_zone=lab_class.time_zone,
        starts_at=lab_class.starts_at,
        due_at=lab_class.due_at,
        archived_at=lab_class.archived_at,
        late=schemas.Late.model_validate({"rule": lab_class.late, "percent": lab_class.late_percent}),
        tasks=[
            schemas.LabTask(id=task.id, number=task.number, title=task.title, points=float(told.worth[task.id]))
            for task in lab.tasks
        ],
        points=float(told.most),
        challenge_points=float(told.challenge) if told.challenge is not None else None,
        **numbers,
    )


def student_out(student: Membership) -> schemas.StudentOut:
    """With its standing loaded."""
    standing = student.standing or Standing()
    return schemas.StudentOut(
        id=student.pk,
        name=student.name,
        email=student.email,
        begun_at=standing.begun_at,
        last_at=standing.last_at,
        done=standing.done,
        complete_at=standing.complete_at,
        mastered_at=standing.mastered_at,
        hints=standing.hints,
        repaired=standing.repaired,
        carried_out=standing.by_portal,
        at=_place(standing) if standing.task_id else None,
    )


def _place(standing: Standing) -> schemas.Place:
    fields = schemas.Place.model_fields
    return schemas.Place.model_validate({name: getattr(standing, name) for name in fields})


def one_student(row: StudentRow) -> schemas.OneStudent:
    return schemas.OneStudent(
        id=row.member_id,
        name=row.name,
        email=row.email,
        tasks=[_task_out(one) for one in row.tasks],
        challenge=_task_out(row.challenge) if row.challenge else None,
    )


def _task_out(one: TaskRow) -> schemas.TaskOut:
    return schemas.TaskOut(
        task_id=one.task_id,
        state=one.state,
        way=one.way,
        found_by_instructor=one.found,
        tries=one.tries,
        first_try=one.first_try,
        hints=one.hints,
        seconds=one.seconds,
        done_at=one.done_at,
        points=float(one.reached.points),
        days_late=one.reached.late,
    )


def cause_out(cause: Cause) -> schemas.CauseOut:
    *_, verdict = cause.key
    return schemas.CauseOut.model_validate(
        {
            **{"task_id": cause.task_id, "check_id": cause.check_id, "check": cause.check, "reason": cause.reason},
            **{"verdict": verdict, "meaning": cause.meaning, "students": cause.number, "at_task": cause.at_task},
        }
    )


def result_out(row: StudentRow, told: Rules) -> schemas.ResultOut:
    challenge = row.challenge if told.challenge is not None else None
    return schemas.ResultOut(
        id=row.member_id,
        name=row.name,
        email=row.email,
        points=float(row.points),
        lost=float(row.lost),
        late=row.late,
        complete_at=row.complete_at,
        mastered_at=row.mastered_at,
        challenge_points=float(challenge.reached.points) if challenge else None,
        by_task={one.task_id: float(one.reached.points) for one in row.tasks},
    )
