"""The student's own names, by Azure's rules."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.portal import walks
from tests.portal.browsing import Browser, text

State = Attempt.State


def save(browser: Browser, session: LabSession, vault: str = "kv-new", secret: str = "secret-new") -> tuple[int, str]:
    answer = browser.post(reverse("labs:names", args=[session.lab_id]), {"vault_name": vault, "secret_name": secret})
    session.refresh_from_db()
    return answer.status_code, text(answer)


@pytest.mark.parametrize("vault", ["abc", "kv-ada-1", "A" * 24, "kv9"])
def test_a_good_vault_name_is_saved(browser: Browser, session: LabSession, vault: str) -> None:
    assert save(browser, session, vault)[0] == 302
    assert session.vault_name == vault


@pytest.mark.parametrize(
    ("vault", "says"),
    [
        ("ab", "3 to 24 characters; this has 2"),
        ("a" * 25, "3 to 24 characters; this has 25"),
        ("1vault", "Begin with a letter"),
        ("-vault", "Begin with a letter"),
        ("vault-", "End with a letter or a digit"),
        ("va--ult", "two hyphens"),
        ("va_ult", "only letters"),
        ("väult", "only letters"),
        ("kv.vault.azure.net", "only letters"),
        ("", "required"),
    ],
)
def test_a_bad_vault_name_is_refused_with_the_rule_it_breaks(
    browser: Browser, session: LabSession, vault: str, says: str
) -> None:
    before = session.vault_name
    status, page = save(browser, session, vault)
    assert status == 422
    assert says in page
    assert session.vault_name == before


@pytest.mark.parametrize("secret", ["s", "My-Secret-1", "x" * 127, "9lives", "-"])
def test_a_good_secret_name_is_saved(browser: Browser, session: LabSession, secret: str) -> None:
    assert save(browser, session, secret=secret)[0] == 302
    assert session.secret_name == secret


@pytest.mark.parametrize(
    ("secret", "says"), [("x" * 128, "at most 127"), ("my_secret", "only letters"), ("a b", "only")]
)
def test_a_bad_secret_name_is_refused(browser: Browser, session: LabSession, secret: str, says: str) -> None:
    status, page = save(browser, session, secret=secret)
    assert status == 422
    assert says in page


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.WAITING])
def test_names_do_not_change_under_an_attempt(browser: Browser, session: LabSession, state: Attempt.State) -> None:
    walks.attempt(session, state=state)
    status, page = save(browser, session)
    assert status == 422
    assert "under way" in page
    assert session.vault_name == "kv-ada"


def test_names_change_again_when_the_attempt_has_ended(browser: Browser, session: LabSession) -> None:
    walks.attempt(session, state=State.CANCELLED)
    assert save(browser, session)[0] == 302


def test_the_guides_use_the_new_names_at_once(browser: Browser, session: LabSession) -> None:
    save(browser, session, vault="kv-brand-new")
    page = text(browser.get(reverse("labs:task", args=[session.lab_id, walks.LAB.tasks[1].id])))
    assert "kv-brand-new" in page
    assert "kv-ada" not in page


def test_a_refused_name_stands_in_the_form_to_be_mended(browser: Browser, session: LabSession) -> None:
    answer = browser.post(
        reverse("labs:names", args=[session.lab_id]), {"vault_name": "1<script>", "secret_name": "fine"}
    )
    page = answer.content.decode()
    assert 'value="1&lt;script&gt;"' in page
    assert "<script>" not in page
