"""The student's own names, by Azure's rules."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.portal import walks
from tests.portal.browsing import Browser, text

State = Attempt.State


GOOD = {
    "vault_name": "kv-new",
    "secret_name": "secret-new",
    "vm_name": "vm-new",
    "permission_model": "policies",
}


def save(browser: Browser, session: LabSession, **names: str) -> tuple[int, str]:
    answer = browser.post(reverse("labs:names", args=[session.lab_id]), {**GOOD, **names})
    session.refresh_from_db()
    return answer.status_code, text(answer)


@pytest.mark.parametrize("vault", ["abc", "kv-ada-1", "A" * 24, "kv9"])
def test_a_good_vault_name_is_saved(browser: Browser, session: LabSession, vault: str) -> None:
    assert save(browser, session, vault_name=vault)[0] == 302
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
    status, page = save(browser, session, vault_name=vault)
    assert status == 422
    assert says in page
    assert session.vault_name == before


@pytest.mark.parametrize("secret", ["s", "My-Secret-1", "x" * 127, "9lives", "-"])
def test_a_good_secret_name_is_saved(browser: Browser, session: LabSession, secret: str) -> None:
    assert save(browser, session, secret_name=secret)[0] == 302
    assert session.secret_name == secret


@pytest.mark.parametrize(
    ("secret", "says"), [("x" * 128, "at most 127"), ("my_secret", "only letters"), ("a b", "only")]
)
def test_a_bad_secret_name_is_refused(browser: Browser, session: LabSession, secret: str, says: str) -> None:
    status, page = save(browser, session, secret_name=secret)
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
    save(browser, session, vault_name="kv-brand-new")
    page = text(browser.get(reverse("labs:task", args=[session.lab_id, walks.LAB.tasks[1].id])))
    assert "kv-brand-new" in page
    assert "kv-ada" not in page


def test_a_refused_name_stands_in_the_form_to_be_mended(browser: Browser, session: LabSession) -> None:
    answer = browser.post(reverse("labs:names", args=[session.lab_id]), {**GOOD, "vault_name": "1<script>"})
    page = answer.content.decode()
    assert 'value="1&lt;script&gt;"' in page
    assert "<script>" not in page


@pytest.mark.parametrize("vm", ["v", "vm-lab", "VM_1.lab", "9vm", "x" * 64])
def test_a_good_machine_name_is_saved(browser: Browser, session: LabSession, vm: str) -> None:
    assert save(browser, session, vm_name=vm)[0] == 302
    assert session.vm_name == vm


@pytest.mark.parametrize(
    ("vm", "says"),
    [
        ("x" * 65, "at most 64"),
        ("my vm", "only letters"),
        ("_vm", "Begin with a letter or a digit"),
        ("vm-", "do not end with a hyphen"),
        ("vm.", "do not end with a hyphen or a full stop"),
        ("", "required"),
    ],
)
def test_a_bad_machine_name_is_refused(browser: Browser, session: LabSession, vm: str, says: str) -> None:
    status, page = save(browser, session, vm_name=vm)
    assert status == 422
    assert says in page
    assert session.vm_name == "vm-lab"


def test_the_permission_model_is_chosen_with_a_sentence_on_each(browser: Browser, session: LabSession) -> None:
    page = browser.get(reverse("labs:names", args=[session.lab_id]))
    assert "Access policies: the vault keeps a list of its own" in text(page)
    assert "Azure roles: the vault asks Azure's role assignments" in text(page)
    assert re.search(r'value="policies"[^>]*checked', page.content.decode())
    assert save(browser, session, permission_model="roles")[0] == 302
    assert session.names.by_roles
    assert "Azure roles" in text(browser.get(reverse("labs:lab", args=[session.lab_id])))


def test_no_other_permission_model_is_taken(browser: Browser, session: LabSession) -> None:
    assert save(browser, session, permission_model="anarchy")[0] == 422
    assert session.permission_model == "policies"
