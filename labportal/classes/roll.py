"""The students of a class, as every page of the class asks for them."""

from __future__ import annotations

from django.db.models import QuerySet

from labportal.classes.models import LabClass, Membership


def students_of(lab_class: LabClass) -> QuerySet[Membership]:
    """With their standing, in one query; by name."""
    students = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.STUDENT)
    return students.select_related("standing").order_by("name", "pk")


def held_by(lab_class: LabClass, task_id: str, check_id: str, reason: str) -> QuerySet[Membership]:
    """Those students whom this holds up now: the open verdict at the task they are at."""
    return students_of(lab_class).filter(
        standing__task_id=task_id, standing__check_id=check_id, standing__reason=reason
    )
