"""A practice cloud to speak to, and a fresh student in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from labportal.gateway.sign_ins import Application
from steps.kit.records import AccessPolicy
from tests.gateway import people
from tests.gateway.stage import Stage, Student, ended

if TYPE_CHECKING:
    from tests.practice_process import Practice


@pytest.fixture
def stage(practice: Practice) -> Iterator[Stage]:
    stage = Stage(practice)
    stage.usual()
    yield stage
    stage.usual()


@pytest.fixture
def student(stage: Stage) -> Student:
    return stage.new_student()


@pytest.fixture
def vault_ready(stage: Stage, student: Student) -> str:
    """The name of a vault of the student's in which the portal's own caller may do everything with secrets."""
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    mine = AccessPolicy(azure.caller_object_id(), student.told.tenant_id, secrets=("all",))
    azure.add_access_policy(student.group, student.vault_name, mine)
    return student.vault_name


@pytest.fixture
def application(student: Student) -> Application:
    """One that people of the student's tenant can sign in to."""
    return Application(people.AZ, student.told.tenant_id)


@pytest.fixture
def person(student: Student) -> Mapping[str, str]:
    return people.name_and_password(student)
