"""Azure in the name of a person who has signed in, or of an application with a certificate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from labportal.gateway import CertificatePrincipal, SignedInPerson, open_azure
from steps.kit.azure import AzureProblem, ProblemKind
from tests.gateway.people import AZ, signed_in
from tests.gateway.stage import Stage, Student

DAY = 24 * 3600
K = ProblemKind


class Kept:
    """What a connection keeps of somebody's signing in."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self.texts = [signed_in(student).cache]

    def who(self, sign_in: str = "first") -> SignedInPerson:
        told = self.student.told
        return SignedInPerson(
            told.tenant_id, told.subscription_id, AZ, sign_in, cache=self.texts[-1], keep=self.texts.append
        )


@pytest.fixture
def kept(student: Student) -> Kept:
    return Kept(student)


def problem_of(stage: Stage, who: SignedInPerson | CertificatePrincipal) -> AzureProblem:
    with pytest.raises(AzureProblem) as caught:
        open_azure(stage.cloud, who, may_write=False).subscription()
    return caught.value


def test_the_person_sees_their_subscription(stage: Stage, student: Student, kept: Kept) -> None:
    azure = open_azure(stage.cloud, kept.who(), may_write=False)
    seen = azure.subscription().value
    assert seen is not None
    assert azure.caller_object_id() != student.azure().caller_object_id(), "the person, not the application"


def test_a_kept_token_costs_no_question(stage: Stage, student: Student, kept: Kept) -> None:
    azure = open_azure(stage.cloud, kept.who(), may_write=False)
    azure.subscription()
    before = student.requests()
    azure.subscription()
    assert len(student.requests()) == len(before) + 1


def test_many_threads_ask_for_a_token_once_and_what_renews_it_is_kept(
    stage: Stage, student: Student, kept: Kept
) -> None:
    azure = open_azure(stage.cloud, kept.who(), may_write=False)
    before = student.requests()
    with ThreadPoolExecutor(6) as pool:
        assert all(seen.value for seen in pool.map(lambda _: azure.subscription(), range(6)))
    tokens = [one for one in student.requests()[len(before) :] if one.endswith("/token")]
    assert (len(tokens), len(kept.texts)) == (1, 2)
    assert open_azure(stage.cloud, kept.who("in another process"), may_write=False).subscription().value


def test_after_a_token_that_azure_refuses_another_is_asked_for(stage: Stage, student: Student, kept: Kept) -> None:
    """As after a sleep of the portal's machine: the token looks good here, and is over there."""
    azure = open_azure(stage.cloud, kept.who(), may_write=False)
    azure.subscription()
    stage.put("clock", offset_seconds=2 * 3600)
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert caught.value.token_was_kept
    assert azure.subscription().value


def test_who_has_been_away_for_too_long_signs_in_again(stage: Stage, kept: Kept) -> None:
    stage.put("clock", offset_seconds=100 * DAY)
    problem = problem_of(stage, kept.who())
    assert (problem.kind, problem.code) == (K.CREDENTIAL_REJECTED, "AADSTS700082")
    assert not problem.token_was_kept


def test_a_cache_of_nobody_is_nobody_signed_in(stage: Stage, kept: Kept) -> None:
    kept.texts.append("{}")
    problem = problem_of(stage, kept.who("nobody"))
    assert problem.kind is K.CREDENTIAL_REJECTED


def test_entra_in_trouble_is_no_refusal(stage: Stage, kept: Kept) -> None:
    stage.fault(host="login", status=503)
    assert problem_of(stage, kept.who("in trouble")).kind is K.AZURE_UNAVAILABLE


def test_nothing_of_the_cache_shows(kept: Kept) -> None:
    assert kept.texts[0] not in repr(kept.who())


@pytest.fixture
def certificate(stage: Stage, student: Student) -> str:
    """PEM with its key; the public half is registered for the student's application."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab-portal")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + timedelta(7))
    public = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    stage.practice.ask("POST", f"/apps/{student.told.client_id}/certificates", {"certificate": public})
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode() + public


def principal(student: Student, certificate: str) -> CertificatePrincipal:
    told = student.told
    return CertificatePrincipal(told.tenant_id, told.subscription_id, told.client_id, certificate)


def test_an_application_signs_in_with_its_certificate(stage: Stage, student: Student, certificate: str) -> None:
    azure = open_azure(stage.cloud, principal(student, certificate), may_write=False)
    assert azure.subscription().value is not None
    assert azure.caller_object_id() == student.azure().caller_object_id()


def test_a_certificate_that_is_not_registered_is_refused(stage: Stage, student: Student, certificate: str) -> None:
    problem = problem_of(stage, principal(stage.new_student(), certificate))
    assert problem.kind is K.CREDENTIAL_REJECTED
    assert "PRIVATE KEY" not in f"{problem} {problem.__cause__!r}"
