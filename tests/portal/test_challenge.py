"""The challenge has a page of its own, after the last task, and what it passes is mastery, apart from completion."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt, AttemptEvidence, TaskResult
from steps.kit.course import Mode
from steps.kit.progress import Progress
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.portal import walks
from tests.portal.addresses import carry_out, challenge, check, hint, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text

State = Attempt.State
LAST = walks.LAB.tasks[-1]
assert walks.LAB.challenge is not None
TASK = walks.LAB.challenge
(ASK,) = TASK.asks
FIELD, RIGHT, OTHER = f"ask-{ASK.id}", "refused", "gone"


@pytest.fixture
def open_to_all(session: LabSession) -> LabSession:
    """Task 4 is done."""
    walks.completed(session, LAST)
    return session


def taken(session: LabSession, verdict: Verdict = Verdict.PASSED, **more: Any) -> Attempt:
    return walks.attempt(session, TASK, verdict=verdict, mode=Mode.CARRY_OUT, **more)


def mastered(session: LabSession, *, hints: int = 0) -> TaskResult:
    attempt = taken(session)
    return TaskResult.objects.create(
        session=session,
        task_id=TASK.id,
        provenance=TaskResult.Provenance.STUDENT,
        completed_at=attempt.finished_at,
        completed_by=attempt,
        hints_seen=hints,
    )


def test_before_task_4_it_is_announced_and_not_offered(browser: Browser, session: LabSession) -> None:
    overview = browser.get(lab_page(session))
    assert "Challenge, optional" in text(overview)
    assert f"It opens once Task {LAST.number} is done" in text(overview)
    assert challenge(session) not in overview.content.decode()
    page = browser.get(challenge(session))
    assert f"This comes after Task {LAST.number}: {LAST.title}" in text(page)
    assert FIELD not in page.content.decode()
    answer = browser.post(carry_out(session, TASK.id), {FIELD: RIGHT})
    assert (answer.status_code, Attempt.objects.count()) == (409, 0)


def test_after_task_4_the_overview_leads_to_it(browser: Browser, open_to_all: LabSession) -> None:
    page = browser.get(lab_page(open_to_all)).content.decode()
    card = page.index('id="challenge-card"')
    assert (
        page.index(f'href="{challenge(open_to_all)}"') > card > page.index(f'href="{task_page(open_to_all, LAST.id)}"')
    )


def test_every_answer_can_be_chosen_without_javascript(browser: Browser, open_to_all: LabSession) -> None:
    page = browser.get(challenge(open_to_all))
    source = page.content.decode()
    assert f"<legend>{ASK.label}</legend>" in source
    assert re.findall(rf'type="radio" id="[^"]+" name="{FIELD}" value="([^"]+)" required', source) == [
        option.id for option in ASK.options
    ]
    assert "required checked" not in source
    for action in TASK.carried_out_by:
        assert action.title in text(page)
    assert "also if you cancel" in text(page)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_answer_is_kept_and_the_portal_begins(browser: Browser, open_to_all: LabSession, htmx: bool) -> None:
    post = browser.htmx_post if htmx else browser.post
    answer = post(carry_out(open_to_all, TASK.id), {FIELD: OTHER})
    attempt = Attempt.objects.get(task_id=TASK.id)
    assert (attempt.mode, attempt.answers) == (Mode.CARRY_OUT, {ASK.id: OTHER})
    assert (answer.status_code, answer.headers.get("Location")) == (
        (200, None) if htmx else (303, panel_of(challenge(open_to_all)))
    )


@pytest.mark.parametrize("posted", ["", "something else", "<b>"])
@pytest.mark.parametrize("htmx", [True, False])
def test_without_an_answer_nothing_begins(browser: Browser, open_to_all: LabSession, posted: str, htmx: bool) -> None:
    where = carry_out(open_to_all, TASK.id)
    answer = browser.htmx_post(where, {FIELD: posted}) if htmx else browser.post(where, {FIELD: posted}, follow=True)
    assert "Choose one of the answers first." in text(answer)
    assert not Attempt.objects.filter(task_id=TASK.id).exists()


def test_it_cannot_be_checked_without_being_taken(browser: Browser, open_to_all: LabSession) -> None:
    assert browser.post(check(open_to_all, TASK.id)).status_code == 409
    browser.post(reverse("labs:check_all", args=[open_to_all.lab_id]))
    assert not Attempt.objects.filter(task_id=TASK.id).exists()


def test_it_is_followed_live_and_without_javascript_and_can_be_cancelled(
    browser: Browser, open_to_all: LabSession
) -> None:
    attempt = taken(open_to_all, state=State.WAITING)
    page = browser.get(challenge(open_to_all))
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert reverse("runs:cancel", args=[attempt.pk]) in page.content.decode()
    assert "also if you cancel" in text(page)
    assert FIELD not in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in browser.get(lab_page(open_to_all)).content.decode()
    panel = browser.htmx_get(reverse("labs:panel", args=[open_to_all.lab_id, TASK.id]))
    assert "Waiting for Azure" in text(panel)


def test_a_cancelled_one_says_that_it_puts_back_and_offers_no_second_cancel(
    browser: Browser, open_to_all: LabSession
) -> None:
    there = Progress(step=2, facts={"challenge-look": {"access": "{}", "runs": "one"}})
    attempt = taken(open_to_all, state=State.WAITING, progress={"step": there.step, "facts": there.facts})
    services.cancel(attempt)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.cancel_requested) == ("waiting", True)
    assert "Cancelling" in text(browser.get(challenge(open_to_all)))
    Attempt.objects.filter(pk=attempt.pk).update(
        cancel_requested=False, progress=attempt.progress | {"ending": "cancelled"}
    )
    page = browser.get(challenge(open_to_all))
    assert "Putting back what was taken" in text(page)
    assert reverse("runs:cancel", args=[attempt.pk]) not in page.content.decode()


def test_mastery_is_shown_with_its_day_apart_from_completion(browser: Browser, open_to_all: LabSession) -> None:
    done = mastered(open_to_all, hints=2)
    assert done.completed_at is not None
    overview = text(browser.get(lab_page(open_to_all)))
    assert "Challenge, optional Mastered" in overview
    assert f"Mastered on {done.completed_at.day} {done.completed_at:%B %Y}" in overview
    assert "with 2 hints" in overview
    assert f"1 of {len(walks.LAB.tasks)} done" in overview
    page = text(browser.get(challenge(open_to_all)))
    assert "Mastered" in page
    assert f"{LAST.number}. {LAST.title} Done by you" in page
    assert "Take the challenge again" in page


@pytest.mark.parametrize(
    ("misses", "hints", "words"),
    [
        (0, 0, "foreseen at the first try, without a hint"),
        (2, 0, "foreseen at the third try, without a hint"),
        (1, 1, "foreseen at the second try, with 1 hint"),
        (7, 0, "foreseen after 7 other tries, without a hint"),
    ],
)
def test_mastery_says_at_which_try(
    browser: Browser, open_to_all: LabSession, misses: int, hints: int, words: str
) -> None:
    """Only tries count in which something was foreseen: not what Azure kept from happening, and none afterwards."""
    for _ in range(misses):
        expected(taken(open_to_all, Verdict.NOT_YET), "challenge_not_foreseen")
    expected(taken(open_to_all, Verdict.COULD_NOT_TELL), "waits_for_another_check")
    expected(taken(open_to_all, Verdict.NOT_YET), "challenge_may_not_put_back")
    mastered(open_to_all, hints=hints)
    expected(taken(open_to_all, Verdict.NOT_YET), "challenge_not_foreseen")
    assert f", {words}. It counts apart" in text(browser.get(lab_page(open_to_all)))
    assert f", {words}" in text(browser.get(challenge(open_to_all)))


def expected(attempt: Attempt, reason: str) -> None:
    """What came of what the student expected in it."""
    AttemptEvidence.objects.filter(pk=walks.evidence(attempt, TASK).pk).update(reason=reason)


def test_mastery_by_an_attempt_that_is_gone_leaves_the_tries_out(browser: Browser, open_to_all: LabSession) -> None:
    TaskResult.objects.filter(pk=mastered(open_to_all).pk).update(completed_by=None)
    page = text(browser.get(lab_page(open_to_all)))
    assert ", without a hint. It counts apart" in page
    assert "try" not in page.partition("Challenge, optional")[2].partition("It counts apart")[0]


def test_who_has_done_all_tasks_is_led_to_it_until_it_is_mastered(browser: Browser, session: LabSession) -> None:
    for task in walks.LAB.tasks:
        walks.completed(session, task)
    assert "Take the challenge : say what happens" in text(browser.get(lab_page(session)))
    mastered(session)
    page = text(browser.get(lab_page(session)))
    assert "Well done" in page
    assert "Take the challenge :" not in page


def test_what_is_mastered_stays_so_when_it_is_taken_again(browser: Browser, open_to_all: LabSession) -> None:
    mastered(open_to_all)
    taken(open_to_all, Verdict.NOT_YET)
    assert "Challenge, optional Mastered" in text(browser.get(lab_page(open_to_all)))


def test_who_did_not_foresee_it_may_try_again(browser: Browser, open_to_all: LabSession) -> None:
    taken(open_to_all, Verdict.NOT_YET, answers={ASK.id: OTHER})
    page = browser.get(challenge(open_to_all))
    assert "Not yet" in text(page)
    assert "required checked" not in page.content.decode()
    came, again = (
        page.content.decode().index('class="attempt"'),
        page.content.decode().index("Take the challenge again"),
    )
    assert came < again, "what came of it is the news"
    assert page.content.decode().count('class="attempt"') == 1


def test_the_history_names_it(browser: Browser, open_to_all: LabSession) -> None:
    attempt = taken(open_to_all)
    answer = browser.get(reverse("labs:history", args=[open_to_all.lab_id]))
    assert f"{TASK.title} Challenge Mastered" in text(answer)
    where = browser.get(task_page(open_to_all, TASK.id))
    assert where.headers["Location"] == challenge(open_to_all)
    assert "Mastered" in text(browser.get(f"/attempts/{attempt.pk}/"))


def test_its_hints_are_counted_for_it_alone(browser: Browser, open_to_all: LabSession) -> None:
    browser.post(hint(open_to_all, TASK.id), {"about": ""})
    assert TASK.hints[0](open_to_all.names) in text(browser.get(challenge(open_to_all)))
    assert TaskResult.objects.get(task_id=TASK.id).hints_seen == 1
    assert f"1 of {len(walks.LAB.tasks)} done" in text(browser.get(lab_page(open_to_all)))


def test_nobody_else_sees_or_takes_it(browser: Browser, anonymous: Browser, open_to_all: LabSession) -> None:
    ben = walks.person("ben")
    his = walks.ready_session(ben)
    assert Browser(ben).post(carry_out(his, TASK.id), {FIELD: RIGHT}).status_code == 409, "his own Task 4 is open"
    for address in (challenge(open_to_all), carry_out(open_to_all, TASK.id)):
        answer = anonymous.get(address) if "carry" not in address else anonymous.post(address, {FIELD: RIGHT})
        assert answer.headers["Location"].startswith("/accounts/sign-in/")
    assert Browser(walks.person("eve")).get(challenge(open_to_all)).status_code == 404, "no walk, no challenge"


def test_more_history_takes_no_more_queries(
    browser: Browser, open_to_all: LabSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        for _ in range(5):
            walks.evidence(taken(open_to_all), TASK)
        with django_assert_num_queries(8):
            browser.get(challenge(open_to_all))


def test_it_waits_for_the_subscription(browser: Browser, ada: User) -> None:
    assert "is being prepared" in text(browser.get(challenge(walks.preparing_session(ada))))


def test_a_lab_without_one_says_nothing_of_it(
    browser: Browser, session: LabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LABS, walks.LAB.id, replace(walks.LAB, challenge=None))
    assert browser.get(challenge(session)).status_code == 404
    assert "Challenge" not in text(browser.get(lab_page(session)))
