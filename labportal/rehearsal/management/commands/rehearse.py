"""``manage.py rehearse``: a class of practice students who fail in different ways, beside a running portal."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.rehearsal.parts import cast
from labportal.rehearsal.stage import Part, begins, joins
from steps.registry import LABS

MOST = 300
AT_ONCE = 8
"""Students who do something at the same time: more would only wait for each other in the worker."""


class Command(BaseCommand):
    help = (
        "Makes a class of practice students who fail in different ways, so that the instructor's pages can be tried. "
        "Needs a running portal: ./lab run, and then ./lab manage rehearse in another terminal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--students", type=int, default=26, help=f"how many, at most {MOST} (26)")
        parser.add_argument("--instructor", help="whose class it is: a user name; without one, somebody new")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRACTICE_CONTROL:
            raise CommandError("No practice cloud is running. Start the portal first: ./lab run")
        if not 1 <= options["students"] <= MOST:
            raise CommandError(f"--students: a number from 1 to {MOST}")
        teacher, password = self._teacher(options["instructor"])
        lab_class = self._class_of(teacher)
        played = [(joins(lab_class, _somebody(name), name), part) for name, part in cast(options["students"])]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            plays = {pool.submit(_play, student, part): student.name for student, part in played}
            for number, play in enumerate(as_completed(plays), 1):
                play.result()
                self.stdout.write(f"{number:>4} of {len(plays)}: {plays[play]}")
        self.stdout.write(f"The class is “{lab_class.name}”, at /classes/{lab_class.pk}/")
        if password:  # at the end: the names of a large class would carry it out of sight
            self.stdout.write(f"Sign in as {teacher.username} with the password {password}")

    def _teacher(self, name: str | None) -> tuple[User, str]:
        """With the password of somebody new; "" of somebody who has one."""
        if name is not None:
            found = User.objects.filter(username=name, is_guest=False).first()
            if found is None:
                raise CommandError(f"There is no account named {name}. Sign up first, or leave --instructor out.")
            return found, ""
        name, password = f"teacher-{secrets.token_hex(3)}", secrets.token_urlsafe(9)
        return User.objects.create_user(name, password=password), password

    def _class_of(self, teacher: User) -> LabClass:
        lab = next(iter(LABS.values()))
        lab_class = LabClass.objects.create(lab_id=lab.id, name=f"Rehearsal of {timezone.localtime():%d %B, %H:%M}")
        Membership.objects.create(
            lab_class=lab_class, user=teacher, role=Membership.Role.INSTRUCTOR, name=teacher.username
        )
        return lab_class


def _somebody(name: str) -> User:
    """A student nobody can sign in as."""
    user = User(username=f"rehearsal-{secrets.token_hex(4)}", first_name=name)
    user.set_unusable_password()
    user.save()
    return user


def _play(student: Membership, part: Part | None) -> None:
    try:
        if part is not None:
            part(begins(student))
    finally:
        connection.close()
