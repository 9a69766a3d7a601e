"""The interface for programs: what it answers, to whom, and that it is what its description says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openapi_spec_validator import validate
from openapi_spec_validator.validation.keywords import OpenAPIV31ValueValidator as Values

from labportal.classes.models import LabClass, Membership
from labportal.results import tokens
from labportal.results.bearer import REQUESTS
from labportal.results.models import ApiToken
from labportal.results.shape import MEDIA_TYPE
from tests.classes.school import Role, a_class, member
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB
from tests.results.achieved import BEGAN, begun, crowd, done, learner, open_task

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
FIRST, VAULT = LAB.tasks[:2]
assert LAB.challenge is not None
CHALLENGE = LAB.challenge
ALL = ["class", "students", "causes", "results"]


@pytest.fixture
def lab_class() -> LabClass:
    return a_class(due_at=BEGAN + timedelta(days=1), late="daily", late_percent=10)


@pytest.fixture
def teacher(lab_class: LabClass) -> Membership:
    return member(lab_class, "teacher", Role.INSTRUCTOR)


@pytest.fixture
def token(lab_class: LabClass, teacher: Membership) -> str:
    return tokens.make(lab_class, teacher.user, "gradebook", 30)[1]


def ask(token: str, what: str, *args: Any, scheme: str = "Bearer", **query: Any) -> Answer:
    address = reverse(f"results:api:{what}", args=args)
    return Client().get(address, query, headers={"Authorization": f"{scheme} {token}"})


@pytest.fixture(scope="module")
def document() -> Any:
    from labportal.results.api import api

    return json.loads(json.dumps(api.get_openapi_schema(path_params={})))


def follows(document: Any, path: str, answer: Answer) -> bool:
    """Whether an answer is one of those that the document describes for that path."""
    responses = document["paths"][path]["get"]["responses"]
    described = responses.get(str(answer.status_code), responses["default"])["content"]
    ((media_type, told),) = described.items()
    schema = {**told["schema"], "components": document["components"]}
    checker = Values.value_validator_cls(schema, format_checker=Values.value_validator_format_checker)
    errors = [error.message for error in checker.iter_errors(answer.json())]
    assert errors == []
    return bool(answer.headers["Content-Type"].startswith(media_type))


def test_an_answer_that_is_not_as_described_would_be_noticed(
    document: Any, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(token, "class")
    wrong = answer.json() | {"name": 7, "due_at": "tomorrow"}
    monkeypatch.setattr(answer, "json", lambda: wrong)
    with pytest.raises(AssertionError, match="7 is not of type 'string'"):
        follows(document, "/api/v1/class", answer)


def a_history(lab_class: LabClass) -> Membership:
    ada = learner(lab_class, "ada", email="ada@example.org")
    begun(ada, done=2, hints=1, task_id=LAB.tasks[2].id, verdict="not_yet", reason="secret_missing", failures=2)
    done(ada, FIRST, timedelta(hours=1))
    done(ada, VAULT, timedelta(days=1, hours=1), hints=1)
    open_task(ada, LAB.tasks[2])
    learner(lab_class, "zoe")
    return ada


def test_the_description_is_openapi(document: Any) -> None:
    validate(document)
    assert len(document["paths"]) == 5
    for path in document["paths"].values():
        assert path.keys() == {"get"}, "it only reads"
        assert path["get"]["security"] == [{"Bearer": []}]


def test_whoever_writes_a_program_may_read_the_description(anonymous: Browser) -> None:
    answer = anonymous.get("/api/v1/openapi.json")
    validate(answer.json())
    page = text(anonymous.get(reverse("results:api_docs")))
    for path in answer.json()["paths"]:
        assert f"GET {path}" in page
    assert "What being late took." in page, "the fields are explained"
    assert "May also answer 401, 403, 422, 429." in page


@pytest.mark.parametrize("what", ALL)
def test_every_answer_is_as_it_is_described(lab_class: LabClass, token: str, document: Any, what: str) -> None:
    a_history(lab_class)
    answer = ask(token, what)
    assert answer.status_code == 200
    assert follows(document, f"/api/v1/{what}", answer)
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_class_and_how_far_it_is(lab_class: LabClass, token: str) -> None:
    a_history(lab_class)
    told = ask(token, "class").json()
    assert (told["id"], told["name"], told["students"], told["begun"]) == (lab_class.pk, lab_class.name, 2, 1)
    assert (told["points"], told["challenge_points"], told["late"]) == (40, None, {"rule": "daily", "percent": 10})
    assert [task["points"] for task in told["tasks"]] == [0, 10, 10, 10, 10]


def test_the_students_and_where_they_stand(lab_class: LabClass, token: str) -> None:
    ada = a_history(lab_class)
    first, second = ask(token, "students").json()["items"]
    assert (first["id"], first["name"], first["email"]) == (ada.pk, "Ada", "ada@example.org")
    assert (first["done"], first["begun_at"], first["at"]["reason"]) == (
        2,
        "2026-03-02T09:00:00.123Z",
        "secret_missing",
    )
    assert (second["begun_at"], second["at"]) == (None, None)


def test_one_student_task_by_task(lab_class: LabClass, token: str, document: Any) -> None:
    ada = a_history(lab_class)
    answer = ask(token, "student", ada.pk)
    assert follows(document, "/api/v1/students/{student_id}", answer)
    first, vault, secret, *_ = answer.json()["tasks"]
    assert (first["state"], first["way"], first["points"]) == ("done", "alone", 0)
    assert (vault["way"], vault["points"], vault["days_late"]) == ("hints", 9, 1)
    assert (secret["state"], secret["way"], secret["points"]) == ("not_yet", None, 0)
    assert answer.json()["challenge"]["state"] == "to_do"


def test_what_only_an_instructor_s_check_has_seen_is_told_as_such(
    lab_class: LabClass, token: str, document: Any
) -> None:
    ada = learner(lab_class, "ada")
    begun(ada)
    done(ada, FIRST, timedelta(hours=1), on_behalf=True, tries=0, first_try=None)
    open_task(ada, VAULT, tries=0, first_try=None)
    answer = ask(token, "student", ada.pk)
    assert follows(document, "/api/v1/students/{student_id}", answer)
    first, vault, secret, *_ = answer.json()["tasks"]
    assert (first["way"], first["found_by_instructor"], first["tries"], first["first_try"]) == ("alone", True, 0, None)
    assert [one["state"] for one in (first, vault, secret)] == ["done", "not_tried", "to_do"]
    assert vault["found_by_instructor"] is None


def test_points_and_mastery_apart(lab_class: LabClass, token: str) -> None:
    lab_class.points = {VAULT.id: 10, CHALLENGE.id: 5}
    lab_class.save()
    ada = a_history(lab_class)
    done(ada, CHALLENGE, timedelta(hours=3))
    first, second = ask(token, "results").json()["items"]
    assert (first["points"], first["lost"], first["late"], first["challenge_points"]) == (9, 1, 1, 5)
    assert first["by_task"][VAULT.id] == 9
    assert (second["points"], second["challenge_points"]) == (0, 0)


def test_causes_are_those_of_the_board(lab_class: LabClass, token: str) -> None:
    crowd(lab_class, 3)
    (cause,) = ask(token, "causes").json()["items"]
    assert (cause["task_id"], cause["reason"], cause["students"]) == (VAULT.id, "vault_missing", 3)
    assert cause["meaning"] == LAB.reasons["vault_missing"].meaning


@pytest.mark.parametrize("what", ["students", "results"])
def test_pages_come_to_an_end_and_miss_nobody(lab_class: LabClass, token: str, what: str) -> None:
    wanted = [one.pk for one in crowd(lab_class, 7)]
    found, cursor, pages = list[int](), 0, 0
    while cursor is not None:
        told = ask(token, what, cursor=cursor, limit=3).json()
        found += [one["id"] for one in told["items"]]
        cursor, pages = told["next"], pages + 1
        crowd(lab_class, 1, 100 + pages) if pages == 1 else None
    assert (found[:7], len(found), pages) == (wanted, 8, 3)


@pytest.mark.parametrize("what", ALL)
def test_thirty_cost_no_more_queries_than_three(lab_class: LabClass, token: str, what: str) -> None:
    crowd(lab_class, 3)
    ask(token, what)
    with CaptureQueriesContext(connection) as for_three:
        ask(token, what)
    crowd(lab_class, 27, 3)
    with CaptureQueriesContext(connection) as for_thirty:
        ask(token, what)
    assert len(for_thirty) == len(for_three) <= 4


def refused(answer: Answer, status: int, document: Any, path: str = "/api/v1/students") -> bool:
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    return follows(document, path, answer)


@pytest.mark.parametrize("given", ["", "lab_wrong", "lab_" + "a" * 43, "\x00", "ä" * 100])
def test_no_token_and_a_wrong_one_are_answered_alike(token: str, document: Any, given: str) -> None:
    answer = ask(given.encode().decode("latin1"), "students")
    assert refused(answer, 401, document)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_goes_by_bearer_and_by_nothing_else(lab_class: LabClass, token: str, document: Any) -> None:
    assert ask(token, "students", scheme="bearer").status_code == 200
    assert refused(ask(token, "students", scheme="Basic"), 401, document)
    assert refused(Client().get(reverse("results:api:students"), {"token": token}), 401, document)


def test_who_is_signed_in_is_nobody_to_it(teacher: Membership, document: Any) -> None:
    assert refused(Browser(teacher.user).get(reverse("results:api:students")), 401, document)


def test_a_token_that_has_run_out_opens_nothing(token: str, document: Any) -> None:
    ApiToken.objects.update(expires_at=timezone.now())
    assert refused(ask(token, "students"), 401, document)


def test_a_token_of_somebody_who_may_not_sign_in_opens_nothing(token: str, teacher: Membership, document: Any) -> None:
    type(teacher.user).objects.filter(pk=teacher.user_id).update(is_active=False)
    assert refused(ask(token, "students"), 401, document)


@pytest.mark.parametrize("what", ["left", "learns there now"])
def test_a_token_is_worth_no_more_than_its_maker(token: str, teacher: Membership, document: Any, what: str) -> None:
    mine = Membership.objects.filter(pk=teacher.pk)
    mine.delete() if what == "left" else mine.update(role=Role.STUDENT)
    assert refused(ask(token, "students"), 403, document)


def test_a_token_opens_one_class_and_no_other_of_its_maker(
    lab_class: LabClass, teacher: Membership, token: str, document: Any
) -> None:
    other = a_class("Another")
    member(other, teacher.user, Role.INSTRUCTOR)
    eve = learner(other, "eve")
    assert ask(token, "students").json()["items"] == []
    assert refused(ask(token, "student", eve.pk), 404, document, "/api/v1/students/{student_id}")
    assert refused(ask(token, "student", teacher.pk), 404, document, "/api/v1/students/{student_id}")


@pytest.mark.parametrize("number", [0, 10**30])
def test_a_number_that_nobody_has_is_not_found(token: str, document: Any, number: int) -> None:
    assert refused(ask(token, "student", number), 404, document, "/api/v1/students/{student_id}")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 201}, {"cursor": "<script>"}, {"cursor": 2**63}, {"cursor": -1}]
)
@pytest.mark.parametrize("what", ["students", "results"])
def test_a_parameter_that_cannot_be_read_is_named(token: str, document: Any, what: str, query: dict[str, Any]) -> None:
    answer = ask(token, what, **query)
    assert refused(answer, 422, document, f"/api/v1/{what}")
    (name,) = query
    assert answer.json()["detail"].startswith(f"{name}: ")
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("path", ["", "/", "/v1/nothing", "/v1/students/ada", "/v1/class/", "/v2/class"])
def test_what_is_no_address_of_it_is_not_found(path: str) -> None:
    answer = Client().get(f"/api{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, MEDIA_TYPE)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("what", ALL)
def test_nothing_can_be_changed_through_it(token: str, document: Any, what: str, method: str) -> None:
    send = getattr(Client(enforce_csrf_checks=True), method)
    answer = send(reverse(f"results:api:{what}"), headers={"Authorization": f"Bearer {token}"})
    assert refused(answer, 405, document, f"/api/v1/{what}")
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/", 405), ("/api/v1/openapi.json", 403), ("/api/v1/nothing", 404), ("/api", 404)]
)
def test_nor_beside_it(document: Any, path: str, status: int) -> None:
    answer = Client(enforce_csrf_checks=True).post(path)
    assert refused(answer, status, document)
    assert status == 404 or answer.json()["detail"] == "This interface only reads: ask with GET."


def test_whoever_asks_another_host_gets_a_problem_as_well(token: str, document: Any) -> None:
    address = reverse("results:api:class")
    answer = Client().get(address, headers={"Authorization": f"Bearer {token}", "Host": "elsewhere.example"})
    assert refused(answer, 400, document, "/api/v1/class")


def test_a_fault_of_our_own_is_written_down_and_told_without_its_words(
    token: str, document: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("what nobody thought of")

    monkeypatch.setattr("labportal.results.answers.class_out", fails)
    client = Client(raise_request_exception=False)
    answer = client.get(reverse("results:api:class"), headers={"Authorization": f"Bearer {token}"})
    assert refused(answer, 500, document, "/api/v1/class")
    assert "nobody thought of" not in answer.content.decode()
    assert "what nobody thought of" in caplog.text


def test_pages_are_told_what_is_wrong_as_pages_are(teacher: Membership) -> None:
    answer = Browser(teacher.user).get("/no-such-page/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.thorough
def test_who_asks_too_often_is_told_to_wait(
    token: str, lab_class: LabClass, teacher: Membership, document: Any
) -> None:
    other = tokens.make(lab_class, teacher.user, "another", 30)[1]
    assert {ask(token, "causes").status_code for _ in range(REQUESTS.times)} == {200}
    answer = ask(token, "causes")
    assert refused(answer, 429, document, "/api/v1/causes")
    assert answer.headers["Retry-After"] == "60"
    assert ask(other, "causes").status_code == 200
