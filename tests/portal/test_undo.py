"""Taking back what the portal did, and how a task says by whom it was done."""

from __future__ import annotations

import pytest

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from steps.kit.course import Mode
from steps.kit.verdict import Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import check, lab_page, panel_of, task_page, undo
from tests.portal.browsing import Browser, text

pytestmark = pytest.mark.usefixtures("everything_offered")
State = Attempt.State
NEXT = walks.LAB.tasks[2]


@pytest.mark.parametrize("repaired", [True, False])
@pytest.mark.parametrize("done", [True, False])
def test_what_the_portal_did_can_be_undone_after_its_plan_was_read(
    browser: Browser, session: LabSession, *, repaired: bool, done: bool
) -> None:
    examiner.touched(session, repaired=repaired, done=done)
    page = text(browser.get(task_page(session)))
    assert page.index("Take the vault back for kv-ada, exactly so.") < page.index("Undo it")
    answer = browser.post(undo(session))
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    assert Attempt.objects.latest("id").mode == Mode.UNDO


def test_the_tasks_that_rest_on_it_are_named_beforehand(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    assert "and so is what rests on it" not in text(browser.get(task_page(session)))
    walks.completed(session, NEXT)
    words = f"This task is to do again then, and so is what rests on it: {NEXT.title}."
    assert words in text(browser.get(task_page(session)))


def refused(browser: Browser, session: LabSession, task_id: str = walks.TASK.id) -> None:
    attempts = Attempt.objects.count()
    assert "Undo what the portal did" not in text(browser.get(task_page(session, task_id)))
    answer = browser.post(undo(session, task_id))
    assert answer.status_code == 409
    assert "That is not offered now" in text(answer)
    assert Attempt.objects.count() == attempts


def test_what_the_student_did_is_theirs_to_undo(browser: Browser, session: LabSession) -> None:
    refused(browser, session)
    walks.completed(session)
    refused(browser, session)


def test_a_task_that_cannot_be_undone_does_not_offer_it(browser: Browser, session: LabSession) -> None:
    walks.completed(session, NEXT, by_portal=True)
    refused(browser, session, NEXT.id)


def test_what_undoing_does_not_reach_is_not_offered(browser: Browser, session: LabSession) -> None:
    examiner.touched(session, repaired=True)
    Attempt.objects.update(progress={"did": True, "facts": {}})
    refused(browser, session)


def test_what_cleaning_up_has_removed_is_no_more_to_undo(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    examiner.cleaned(session)
    refused(browser, session)


def test_what_is_gone_because_it_was_cleaned_up_is_no_mistake(browser: Browser, session: LabSession) -> None:
    walks.completed(session)
    said = "You have cleaned up since, so what it made is gone: nothing is wrong."
    assert said not in text(browser.get(task_page(session)))
    examiner.cleaned(session)
    assert said in text(browser.get(task_page(session)))
    examiner.found(session)
    page = text(browser.get(task_page(session)))
    assert "You have cleaned up since: what is not there any more is no mistake." in page
    assert said not in page, "what was found may be a mistake in doing it once more"
    assert "did not find all of it" not in page
    walks.finished(session)
    assert said not in text(browser.get(task_page(session))), "it has been done once more"


def test_undoing_that_stopped_halfway_after_cleaning_up_says_so_too(browser: Browser, session: LabSession) -> None:
    walks.completed(session)
    examiner.cleaned(session)
    examiner.found(session, mode=Mode.UNDO)
    page = text(browser.get(task_page(session)))
    assert "Undoing this task did not come to its end" in page
    assert "You have cleaned up since" not in page


def test_undoing_that_stopped_halfway_says_so_first(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    walks.attempt(session, state=State.CANCELLED, mode=Mode.UNDO)
    page = text(browser.get(task_page(session)))
    assert "Undoing this task did not come to its end" in page
    assert "Next:" not in page
    assert "Undo what the portal did" in page


def test_what_rests_on_something_undone_does_not_look_passed(browser: Browser, session: LabSession) -> None:
    walks.finished(session, verdict=Verdict.PASSED)
    assert "Passed" in text(browser.get(task_page(session)))
    walks.completed(session)
    TaskResult.objects.update(completed_at=None)
    for page in (text(browser.get(task_page(session))), text(browser.get(lab_page(session)))):
        assert "Passed" not in page
        assert "To do" in page
    assert "what this task rests on has been undone" in text(browser.get(task_page(session)))


def test_what_is_under_way_is_joined_and_said(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    browser.post(check(session))
    assert "Undo what the portal did" not in text(browser.get(task_page(session)))
    assert "A check is under way. When it has ended, press again." in text(browser.htmx_post(undo(session)))
    assert Attempt.objects.filter(mode=Mode.UNDO.value).count() == 0


def test_a_check_during_undoing_says_so(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    browser.post(undo(session))
    assert "The portal is undoing this task." in text(browser.htmx_post(check(session)))


def test_an_undone_task_is_to_do_again_and_not_passed(browser: Browser, session: LabSession) -> None:
    undone = walks.attempt(session, verdict=Verdict.PASSED, mode=Mode.UNDO)
    page = text(browser.get(lab_page(session)))
    assert "Passed" not in page
    assert f"0 of {len(walks.LAB.tasks)} done" in page
    assert "Undone" in text(browser.get(f"/attempts/{undone.pk}/"))


def test_an_undo_that_left_something_does_not_say_that_the_task_changed(browser: Browser, session: LabSession) -> None:
    examiner.touched(session)
    walks.attempt(session, verdict=Verdict.NOT_YET, mode=Mode.UNDO)
    assert "did not find all of it" not in text(browser.get(task_page(session)))


def test_what_came_of_an_undo_is_shown_with_its_task(browser: Browser, session: LabSession) -> None:
    examiner.touched(session, done=False)
    attempt = walks.attempt(session, verdict=Verdict.PASSED, mode=Mode.UNDO)
    answer = browser.get(task_page(session))
    assert f'id="attempt-{attempt.pk}"' in answer.content.decode()
    assert "what this task rests on" not in text(answer)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_after_an_undo_the_work_is_checked_as_for_the_first_time(
    browser: Browser, session: LabSession, verdict: Verdict
) -> None:
    walks.finished(session)
    assert "Check again" in text(browser.get(task_page(session)))
    walks.attempt(session, verdict=verdict, mode=Mode.UNDO)
    page = text(browser.get(task_page(session)))
    assert "Check my work" in page
    assert "Check again" not in page


def given_up(session: LabSession, mode: Mode, action: str, remedy: str = "") -> Attempt:
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET, mode=mode, remedy=remedy, problem="protected")
    detail = {"to_do": "Delete the lock: `az lock delete`.", "sources": []}
    AttemptEvent.objects.create(attempt=attempt, kind=walks.Kind.TROUBLE, step_id=action, text="Locked.", detail=detail)
    walks.evidence(attempt, walks.TASK, Verdict.NOT_YET, 0)
    for number in range(60):
        walks.line(attempt, walks.Kind.WAITING, f"Look number {number}.")
    return attempt


@pytest.mark.parametrize(
    ("mode", "action", "remedy"),
    [
        (Mode.CARRY_OUT, walks.TASK.actions[0].id, ""),
        (Mode.UNDO, "take-back", ""),
        (Mode.REPAIR, examiner.MENDS.id, examiner.MENDS.id),
    ],
)
def test_what_the_portal_could_not_change_stands_before_what_was_found(
    browser: Browser, session: LabSession, mode: Mode, action: str, remedy: str
) -> None:
    attempt = given_up(session, mode, action, remedy=remedy)
    for address in (task_page(session), f"/attempts/{attempt.pk}/"):
        page = text(browser.get(address))
        assert page.index("The portal tried, and could not. Locked.") < page.index("Results")
        assert "Delete the lock: az lock delete" in page


def test_what_a_check_could_not_tell_is_no_failed_change(browser: Browser, session: LabSession) -> None:
    given_up(session, Mode.VALIDATE, walks.TASK.actions[0].id)
    assert "The portal tried" not in text(browser.get(task_page(session)))


@pytest.mark.parametrize(
    ("did", "problem", "words"),
    [(True, "", "Mended, more to do"), (False, "", "Not yet"), (True, "protected", "Not yet")],
)
def test_what_was_mended_is_told_apart_from_what_is_still_to_do(
    browser: Browser, session: LabSession, problem: str, words: str, *, did: bool
) -> None:
    mended, progress = examiner.MENDS.id, {"did": did}
    walks.attempt(session, verdict=Verdict.NOT_YET, mode=Mode.REPAIR, remedy=mended, progress=progress, problem=problem)
    head = text(browser.get(task_page(session))).partition("Mend the vault")[2]
    assert words in head


@pytest.mark.parametrize(
    ("provenance", "hints", "words"),
    [
        ("student", 0, "Done by you"),
        ("student", 1, "Done by you, with 1 hint"),
        ("student", 4, "Done by you, with 4 hints"),
        ("repaired", 0, "Done with a repair by the portal"),
        ("repaired", 2, "Done with 2 hints and a repair by the portal"),
        ("portal", 3, "Carried out by the portal"),
    ],
)
def test_how_a_task_was_done_is_said_apart_from_that_it_is(
    browser: Browser, session: LabSession, provenance: str, hints: int, words: str
) -> None:
    walks.completed(session)
    TaskResult.objects.update(provenance=provenance, hints_seen=hints)
    for address in (lab_page(session), task_page(session)):
        assert f"Done {words}" in text(browser.get(address))


def test_the_overview_counts_the_ways_apart_from_completion(browser: Browser, session: LabSession) -> None:
    for task in walks.LAB.tasks[:3]:
        walks.completed(session, task)
    walks.completed(session, walks.LAB.tasks[3], by_portal=True)
    TaskResult.objects.filter(task_id=walks.LAB.tasks[2].id).update(hints_seen=5)
    page = text(browser.get(lab_page(session)))
    assert f"4 of {len(walks.LAB.tasks)} done" in page
    assert "2 done by you · 1 done by you, with hints · 1 carried out by the portal" in page
