"""A class of practice students who fail in different ways, and what a class then knows of them."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from labportal.classes.models import LabClass, Membership
from labportal.ledger.models import AzureCall
from labportal.rehearsal.parts import NAMES, PARTS, cast
from labportal.standings.models import Standing
from tests.classes.school import follow
from tests.portal.walks import person


def test_a_whole_class_plays_every_part_and_has_different_names() -> None:
    played = list(cast(len(NAMES)))
    assert Counter(part for _, part in played) == dict(PARTS)
    assert len({name for name, _ in cast(80)}) == 80


def test_a_small_class_has_something_of_each() -> None:
    assert len({part for _, part in cast(9)}) >= 6


@pytest.mark.usefixtures("worker", "sweeper")
def test_each_of_the_class_stands_where_their_part_leads(portal_env: dict[str, str]) -> None:
    teacher, said = person("teacher"), StringIO()
    call_command("rehearse", instructor="teacher", stdout=said)
    follow()
    lab_class = LabClass.objects.get()
    assert f"/classes/{lab_class.pk}/" in said.getvalue()
    assert Membership.objects.get(user=teacher).leads
    standings = list(Standing.objects.all())
    told = Counter((one.task_id, one.reason, one.failures) for one in standings if one.reason)
    assert told == {
        ("create-vault", "vault_in_rbac_mode", 3): 5,
        ("create-vault", "vault_in_rbac_mode", 1): 2,
        ("grant-access", "policy_for_application_id", 4): 3,
        ("grant-access", "policy_only_for_caller", 3): 1,
        ("create-secret", "secret_disabled", 2): 2,
        ("preflight", "vm_not_running", 1): 1,
        ("create-secret", "credential_rejected", 0): 1,
        ("create-vault", "throttled", 0): 1,
        ("read-secret", "answer_missing", 1): 1,
    }
    by_hand = AzureCall.objects.filter(attempt=None)
    assert by_hand.filter(method="POST", path__contains="/runCommand").exists(), "the ledger has those as well"
    done = [one for one in standings if one.complete_at]
    assert Counter((one.by_portal, one.hints) for one in done) == {(0, 0): 3, (0, 2): 2, (4, 0): 2}


def test_it_says_what_it_needs(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PRACTICE_CONTROL", "")
    with pytest.raises(CommandError, match=r"\./lab run"):
        call_command("rehearse")


@pytest.mark.parametrize("number", [0, 301])
def test_a_class_has_its_bounds(db: None, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr("django.conf.settings.PRACTICE_CONTROL", "http://127.0.0.1:9")
    with pytest.raises(CommandError, match="from 1 to 300"):
        call_command("rehearse", students=number)


def test_an_instructor_has_an_account(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.PRACTICE_CONTROL", "http://127.0.0.1:9")
    with pytest.raises(CommandError, match="no account named nobody"):
        call_command("rehearse", instructor="nobody")
