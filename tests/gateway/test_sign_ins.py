"""A person signs in with Microsoft, by a code or in the browser: the real MSAL, against the practice cloud's Entra."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from labportal.gateway import sign_ins
from labportal.gateway.sign_ins import Application, NotOurs, NotYet, SignedIn
from steps.kit.azure import AzureProblem, ProblemKind
from tests.gateway.people import AZ, BACK, at_microsoft, typed
from tests.gateway.stage import Stage, Student


def refusal(stage: Stage, application: Application, flow: str) -> AzureProblem:
    with pytest.raises(AzureProblem) as caught:
        sign_ins.look_whether_typed(stage.cloud, application, flow)
    return caught.value


def test_a_code_is_looked_at_until_it_was_typed(
    stage: Stage, student: Student, application: Application, person: Mapping[str, str]
) -> None:
    code = sign_ins.begin_with_code(stage.cloud, application)
    waiting = sign_ins.look_whether_typed(stage.cloud, application, code.flow)
    assert isinstance(waiting, NotYet)
    assert waiting.interval == code.interval
    typed(stage, code, person)
    came = sign_ins.look_whether_typed(stage.cloud, application, waiting.flow)
    assert isinstance(came, SignedIn)
    assert (came.person.name, came.person.tenant_id) == (person["username"], student.told.tenant_id)


def test_each_look_is_one_question_and_does_not_wait(stage: Stage, student: Student, application: Application) -> None:
    code = sign_ins.begin_with_code(stage.cloud, application)
    before = student.requests()
    sign_ins.look_whether_typed(stage.cloud, application, code.flow)
    asked = student.requests()[len(before) :]
    assert [one.partition(" ")[0] for one in asked] == ["GET", "POST"]
    assert asked[1].endswith("/oauth2/v2.0/token")


def test_who_says_no_ends_it(stage: Stage, application: Application) -> None:
    code = sign_ins.begin_with_code(stage.cloud, application)
    typed(stage, code, {"answer": "decline"})
    assert refusal(stage, application, code.flow).code == "AADSTS65004"


def test_a_code_runs_out(stage: Stage, application: Application) -> None:
    code = sign_ins.begin_with_code(stage.cloud, application)
    stage.put("clock", offset_seconds=3600)
    assert refusal(stage, application, code.flow).code == "AADSTS70019"


def test_a_person_signs_in_in_the_browser(
    stage: Stage, student: Student, application: Application, person: Mapping[str, str]
) -> None:
    way = sign_ins.begin_with_browser(stage.cloud, application, BACK)
    asked = dict(parse_qsl(urlsplit(way.address).query))
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert json.loads(way.flow)["code_verifier"] not in way.address
    answer = at_microsoft(stage, way, person)
    came = sign_ins.come_back_from_browser(stage.cloud, application, way.flow, answer)
    assert (came.person.name, came.person.tenant_id) == (person["username"], student.told.tenant_id)
    with pytest.raises(AzureProblem) as caught:  # a code opens once
        sign_ins.come_back_from_browser(stage.cloud, application, way.flow, answer)
    assert caught.value.code == "AADSTS54005"


def test_what_comes_back_with_another_state_is_not_ours(
    stage: Stage, student: Student, application: Application, person: Mapping[str, str]
) -> None:
    way, other = (sign_ins.begin_with_browser(stage.cloud, application, BACK) for _ in range(2))
    answer = at_microsoft(stage, other, person)
    before = student.requests()
    for back in (answer, {**answer, "state": ""}, {"code": answer["code"]}):
        with pytest.raises(NotOurs):
            sign_ins.come_back_from_browser(stage.cloud, application, way.flow, back)
    assert not [one for one in student.requests()[len(before) :] if "/token" in one], "the code was not even asked with"


def test_an_application_that_the_tenant_does_not_know_and_a_tenant_that_is_none(
    stage: Stage, application: Application
) -> None:
    nobody = "00000000-0000-4000-8000-00000000dead"
    for wrong, code in (
        (Application(nobody, application.tenant), "AADSTS700016"),
        (Application(AZ, nobody), "AADSTS90002"),
    ):
        with pytest.raises(AzureProblem) as caught:
            sign_ins.begin_with_code(stage.cloud, wrong)
        assert (caught.value.kind, caught.value.code) == (ProblemKind.CREDENTIAL_REJECTED, code)


def test_entra_in_trouble_is_told_as_such(stage: Stage, application: Application) -> None:
    stage.fault(host="login", status=503)
    with pytest.raises(AzureProblem) as caught:
        sign_ins.begin_with_code(stage.cloud, application)
    assert caught.value.kind == ProblemKind.AZURE_UNAVAILABLE


def test_what_is_kept_holds_no_token_that_opens_anything_by_itself(
    stage: Stage, application: Application, person: Mapping[str, str]
) -> None:
    code = sign_ins.begin_with_code(stage.cloud, application)
    typed(stage, code, person)
    came = sign_ins.look_whether_typed(stage.cloud, application, code.flow)
    assert isinstance(came, SignedIn)
    kept = json.loads(came.cache)
    (renews,) = kept["RefreshToken"].values()
    assert "AccessToken" not in kept
    assert renews["secret"] not in repr(came)
    assert json.loads(code.flow)["device_code"] not in repr(code)
