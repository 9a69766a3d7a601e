"""Buttons of several tabs that are pressed at the same instant, through the real web process and a real worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.runs.live import stream
from tests.runs.practising import LAB, carry_out, practising
from tests.runs.test_kills import effects
from tests.runs.test_kills_taking_back import DELETES_VAULT, done

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

pytestmark = pytest.mark.usefixtures("sweeper")
TABS = 6
CSRF = "t" * 32
VAULT = "create-vault"


@pytest.fixture(autouse=True)
def quick(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.3, vault_purge=0.3):
        yield


@contextmanager
def tabs(web: str, session: LabSession) -> Iterator[Callable[..., Counter[int]]]:
    """Presses buttons, each in a tab of its own and all at once; how often each status was answered."""
    login = Client()
    login.force_login(session.user)
    cookies = {name: morsel.value for name, morsel in login.cookies.items()} | {"csrftoken": CSRF}
    headers = {"X-CSRFToken": CSRF, "HX-Request": "true"}

    def press(*buttons: str) -> Counter[int]:
        together = Barrier(len(buttons))

        def one(button: str) -> int:
            with httpx.Client(base_url=web, cookies=cookies, headers=headers, trust_env=False, timeout=30) as tab:
                together.wait()
                return tab.post(reverse(button, args=[LAB, VAULT])).status_code

        return Counter(pool.map(one, buttons))

    with ThreadPoolExecutor(2 * TABS) as pool:
        yield press


def test_the_same_button_is_one_attempt_and_one_change(
    web: str, start_worker: Callable[[], Child], practice: Practice
) -> None:
    session = practising("ada")
    with tabs(web, session) as press, stream(web, session) as page:
        assert press(*["labs:carry_out"] * TABS) == {200: TABS}
        (attempt,) = Attempt.objects.all()
        start_worker()
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    assert attempt.verdict == "passed"
    assert attempt.events.filter(kind="queued").count() == 1
    assert effects(practice, VAULT, session.connection.subscription_id) == 1


def test_of_undo_and_check_one_begins_and_the_other_joins_it(
    web: str, start_worker: Callable[[], Child], practice: Practice
) -> None:
    """Whichever is first: the other is told, and nothing is undone that was not begun."""
    session = practising("ben")
    start_worker()
    with stream(web, session) as page:
        page.until_state(carry_out(session, VAULT).pk, "finished")
    since, newest = practice.seen(), session.attempts.latest("pk").pk
    with tabs(web, session) as press, stream(web, session, after=newest_event(session)) as page:
        with practice.fault(host="management", delay_ms=700):  # what begins is under way until all have pressed
            assert press(*["labs:undo", "labs:check"] * (TABS // 2)) == {200: TABS}
        (attempt,) = session.attempts.filter(pk__gt=newest)
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    undone = attempt.mode == Mode.UNDO
    assert attempt.verdict == "passed"
    assert len(done(practice, DELETES_VAULT, session, since)) == int(undone)
    done_now = session.results.filter(task_id=VAULT, completed_at__isnull=False).exists()
    assert done_now is not undone


def newest_event(session: LabSession) -> int:
    return max(pk for one in session.attempts.all() for pk in one.events.values_list("pk", flat=True))


def test_all_undo_buttons_after_it_was_undone_are_refused(
    web: str, start_worker: Callable[[], Child], practice: Practice
) -> None:
    session = practising("eve")
    start_worker()
    with stream(web, session) as page:
        page.until_state(carry_out(session, VAULT).pk, "finished")
        with tabs(web, session) as press:
            assert press("labs:undo") == {200: 1}
            undoing = session.attempts.latest("pk")
            page.until_state(undoing.pk, "finished")
            assert press(*["labs:undo"] * TABS) == {409: TABS}
    assert session.attempts.filter(mode=Mode.UNDO.value).count() == 1
