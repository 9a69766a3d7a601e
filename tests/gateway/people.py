"""People who sign in with Microsoft: what they do at Entra's pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx

from labportal.gateway import sign_ins
from labportal.gateway.sign_ins import Application, SignedIn
from tests.gateway.stage import Stage, Student

AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"  # a public client that every tenant of the practice cloud knows
BACK = "http://localhost:8000/back/"


def name_and_password(student: Student) -> dict[str, str]:
    """As a form wants them."""
    told = student.stage.practice.ask("GET", f"/students/{student.told.subscription_id}")
    return {"username": told["user"], "password": told["password"]}


def at_microsoft(stage: Stage, way: sign_ins.WayToMicrosoft, form: Mapping[str, str]) -> dict[str, str]:
    """What Entra answers, in the address that it sends the browser to."""
    address, _, query = way.address.partition("?")
    with stage.practice.http() as browser:
        assert browser.get(way.address).status_code == 200
        answer = browser.post(address, data={**dict(parse_qsl(query)), **form})
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def typed(stage: Stage, code: sign_ins.DeviceCode, form: Mapping[str, str]) -> None:
    answer = httpx.post(code.address, data={"code": code.user_code, **form}, trust_env=False)
    assert answer.status_code == 200, answer.text


def signed_in(student: Student) -> SignedIn:
    """By a code, as the quickest."""
    cloud, application = student.stage.cloud, Application(AZ, student.told.tenant_id)
    code = sign_ins.begin_with_code(cloud, application)
    typed(student.stage, code, name_and_password(student))
    came = sign_ins.look_whether_typed(cloud, application, code.flow)
    assert isinstance(came, SignedIn)
    return came
