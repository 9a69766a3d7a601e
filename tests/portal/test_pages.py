"""The overview, a task's page and its panel show what is in the rows, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.findings import LOOKS_AGAIN
from steps.kit.problems import wording
from steps.kit.verdict import Verdict
from tests.portal import walks
from tests.portal.addresses import carry_out, check, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text

State, Kind = Attempt.State, AttemptEvent.Kind
TASK = walks.TASK


# The overview


def test_a_new_person_is_offered_to_begin(browser: Browser) -> None:
    answer = browser.get(reverse("labs:lab", args=[walks.LAB.id]))
    assert "Begin in the practice cloud" in text(answer)
    assert not LabSession.objects.exists(), "looking begins nothing"


def test_beginning_twice_opens_one_walk(browser: Browser) -> None:
    begin = reverse("labs:begin", args=[walks.LAB.id])
    browser.post(begin)
    browser.post(begin)
    assert LabSession.objects.count() == 1


def test_the_overview_lists_every_task_and_what_is_next(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(lab_page(session)))
    for task in walks.LAB.tasks:
        assert task.title in page
    assert f"What is next {walks.LAB.tasks[0].number}. {walks.LAB.tasks[0].title}" in page
    assert f"0 of {len(walks.LAB.tasks)} done" in page


def test_the_overview_says_who_did_what(browser: Browser, session: LabSession) -> None:
    walks.completed(session, walks.LAB.tasks[0])
    walks.completed(session, walks.LAB.tasks[1], by_portal=True)
    page = text(browser.get(lab_page(session)))
    assert page.count("Done by you") == 1
    assert page.count("Carried out by the portal") == 1
    assert f"2 of {len(walks.LAB.tasks)} done" in page
    assert f"What is next {walks.LAB.tasks[2].number}." in page


def test_the_overview_of_a_finished_lab_says_so_and_what_one_can_do_now(browser: Browser, session: LabSession) -> None:
    first, *others = walks.LAB.tasks
    walks.completed(session, first)
    for task in others:
        walks.completed(session, task, by_portal=True)
    answer = browser.get(lab_page(session))
    assert f"Well done: all {len(walks.LAB.tasks)} tasks are done vm-lab has read lab-secret" in text(answer)
    again = f"Do by hand what the portal did for you: {' , '.join(task.title for task in others)}"
    assert again in text(answer)
    assert f'href="{reverse("labs:history", args=[session.lab_id])}">Look back<' in answer.content.decode()
    assert "What is next" not in text(answer)


def test_who_did_everything_by_hand_is_not_sent_back_to_do_it(browser: Browser, session: LabSession) -> None:
    for task in walks.LAB.tasks:
        walks.completed(session, task)
    page = text(browser.get(lab_page(session)))
    assert "Well done" in page
    assert "Do by hand" not in page
    assert "Keep your work" not in page, "Ada has an account"


def test_a_completed_task_stays_done_whatever_a_later_check_finds(browser: Browser, session: LabSession) -> None:
    walks.completed(session, TASK)
    walks.finished(session, TASK, Verdict.NOT_YET)
    panel = browser.get(task_page(session)).content.decode()
    status = re.search(r'id="panel-status">(.*?)</p>', panel, re.DOTALL)
    assert status
    assert "Done" in status[1]
    page = text(browser.get(task_page(session)))
    assert "Not yet" in page, "and the later check is shown as well"
    assert "it stays done. The latest check did not find all of it any more" in page


def test_a_done_task_whose_latest_look_found_everything_warns_of_nothing(browser: Browser, session: LabSession) -> None:
    walks.completed(session, TASK)
    assert "it stays done" not in text(browser.get(task_page(session)))


def test_the_overview_shows_the_names_and_how_to_reach_the_subscription(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(lab_page(session)))
    for name in ("kv-ada", "lab-secret", "vm-lab", "rg-lab", "westeurope", "sub-ada", "tenant-of-ada"):
        assert name in page
    assert "Practice cloud \N{EN DASH} a simulation" in page
    assert 'eval "$(./lab cloud student --shell --subscription sub-ada)"' in page
    sign_in = "az login --service-principal -u $AZURE_CLIENT_ID -p $AZURE_CLIENT_SECRET -t $AZURE_TENANT_ID"
    assert sign_in in page


# While the subscription is being prepared


@pytest.mark.parametrize("name", ["labs:lab", "labs:task"])
def test_pages_wait_for_the_subscription(browser: Browser, ada: User, name: str) -> None:
    session = walks.preparing_session(ada)
    address = lab_page(session) if name == "labs:lab" else task_page(session)
    answer = browser.get(address)
    assert "is being prepared" in text(answer)
    assert '<noscript><meta http-equiv="refresh"' in answer.content.decode()


def test_what_keeps_the_subscription_from_being_ready_is_told(browser: Browser, ada: User) -> None:
    session = walks.preparing_session(ada, problem="The practice cloud does not answer.")
    assert "The practice cloud does not answer." in text(browser.get(lab_page(session)))


def test_the_page_starts_over_when_the_subscription_is_ready(browser: Browser, session: LabSession) -> None:
    answer = browser.htmx_get(reverse("labs:ready", args=[session.lab_id]))
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize("click", [check, carry_out])
def test_a_click_before_the_subscription_is_ready_starts_nothing_and_says_so(
    browser: Browser, ada: User, click: Callable[[LabSession], str]
) -> None:
    session = walks.preparing_session(ada)
    answer = browser.post(click(session), follow=True)
    assert "still being prepared" in text(answer)
    assert not Attempt.objects.exists()


# The task's page and its panel


def test_an_untouched_task_says_what_a_check_looks_at(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(task_page(session)))
    for one in TASK.checks:
        assert one.title in page
    assert "Check my work" in page
    assert "It changes nothing in your subscription" in page


def test_the_plan_is_shown_before_anything_is_carried_out(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(task_page(session)))
    for action in TASK.actions:
        assert action.plan(session.names).split(".")[0] in page
    assert "will be marked as carried out by the portal" in page


def test_a_task_that_cannot_be_carried_out_does_not_offer_it(browser: Browser, session: LabSession) -> None:
    task = next(task for task in walks.LAB.tasks if not task.can_carry_out)
    assert "Have the portal do it" not in text(browser.get(task_page(session, task.id)))
    browser.post(carry_out(session, task.id))
    assert not Attempt.objects.exists()


def test_an_earlier_open_task_is_pointed_to(browser: Browser, session: LabSession) -> None:
    assert f"Task {walks.LAB.tasks[0].number} comes first" in text(browser.get(task_page(session)))
    walks.completed(session, walks.LAB.tasks[0])
    walks.completed(session, walks.LAB.tasks[1])
    assert "comes first" not in text(browser.get(task_page(session, walks.LAB.tasks[2].id)))


def test_from_a_done_task_an_earlier_one_is_still_open_and_does_not_come_first(
    browser: Browser, session: LabSession
) -> None:
    walks.completed(session, TASK)
    page = text(browser.get(task_page(session)))
    assert f"Task {walks.LAB.tasks[0].number} is still open" in page
    assert "comes first" not in page


def test_the_names_can_be_reached_where_a_finding_speaks_of_them(browser: Browser, session: LabSession) -> None:
    page = browser.get(task_page(session)).content.decode()
    assert f'href="{reverse("labs:names", args=[session.lab_id])}">Your names</a>' in page


def test_a_next_step_that_was_said_is_not_said_again(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, TASK, verdict=Verdict.NOT_YET)
    for at in range(3):
        walks.evidence(attempt, TASK, Verdict.NOT_YET, at)
    page = text(browser.get(task_page(session)))
    assert page.count("Create kv-ada as the guide shows.") == 1
    assert page.count("What to do next The same as above.") == 2


def test_what_the_student_can_do_comes_first_once_the_check_is_over(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, TASK, verdict=Verdict.NOT_YET)
    verdicts = (Verdict.PASSED, Verdict.COULD_NOT_TELL, Verdict.PASSED, Verdict.NOT_YET)
    for at, verdict in enumerate(verdicts):
        walks.evidence(attempt, TASK, verdict, at)
    page = browser.get(task_page(session)).content.decode()
    shown = re.findall(rf'id="finding-{attempt.pk}-([\w-]+)"', page)
    assert shown == [TASK.checks[at].id for at in (3, 1, 0, 2)]


def test_what_a_next_step_says_to_type_is_code(browser: Browser, session: LabSession) -> None:
    attempt = walks.finished(session, TASK, Verdict.NOT_YET)
    attempt.evidence.update(next_step="Or: `az vm start --name <b>x</b>`. Then check.")
    page = browser.get(task_page(session)).content.decode()
    command = 'az vm start <span class="whole">--name</span> &lt;b&gt;x&lt;/b&gt;'
    assert f'Or: <code class="command">{command}</code> Then check.' in page


@pytest.mark.parametrize(("mode", "listed"), [(Mode.VALIDATE, True), (Mode.CARRY_OUT, False)])
def test_only_checks_that_will_be_made_are_pending(
    browser: Browser, session: LabSession, mode: Mode, listed: bool
) -> None:
    task = walks.LAB.tasks[-1]
    own = next(check for check in task.checks if check.validating_only)
    attempt = walks.attempt(session, task, state=State.RUNNING, mode=mode)
    page = browser.get(task_page(session, task.id)).content.decode()
    assert f'id="finding-{attempt.pk}-{task.checks[0].id}"' in page
    assert (f'id="finding-{attempt.pk}-{own.id}"' in page) == listed


def test_what_happens_stands_first_while_it_happens_and_the_results_afterwards(
    browser: Browser, session: LabSession
) -> None:
    attempt = walks.attempt(session, TASK, state=State.RUNNING)
    page = text(browser.get(task_page(session)))
    assert page.index("Step by step") < page.index("Results")
    assert f"of {len(TASK.checks)} passed" not in page, "nothing has been looked at"
    walks.evidence(attempt, TASK)
    assert f"1 of {len(TASK.checks)} passed" in text(browser.get(task_page(session)))
    Attempt.objects.filter(pk=attempt.pk).update(state=State.FINISHED, verdict=Verdict.PASSED)
    page = text(browser.get(task_page(session)))
    assert page.index("Results") < page.index("Step by step")


def test_a_finding_shows_wanted_found_next_step_and_where_it_was_seen(browser: Browser, session: LabSession) -> None:
    walks.finished(session, TASK, Verdict.NOT_YET)
    page = text(browser.get(task_page(session)))
    assert "Wanted A key vault kv-ada in rg-lab." in page
    assert "Found There is no vault kv-ada." in page
    assert "What to do next Create kv-ada as the guide shows." in page
    assert f"{walks.SOURCE.method} {walks.SOURCE.path} 200 · request request-4711" in page


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.PASSED, "Passed"), (Verdict.NOT_YET, "Not yet"), (Verdict.COULD_NOT_TELL, "Could not tell")],
)
def test_a_verdict_is_said_in_words_beside_an_icon(
    browser: Browser, session: LabSession, verdict: Verdict, words: str
) -> None:
    walks.finished(session, TASK, verdict)
    page = browser.get(task_page(session)).content.decode()
    assert re.search(rf'<span class="badge [\w-]+"><svg class="icon[^>]*>.*?</svg>{words}</span>', page)


def test_could_not_tell_is_never_shown_as_passed(browser: Browser, session: LabSession) -> None:
    walks.finished(session, walks.LAB.tasks[0], Verdict.COULD_NOT_TELL)
    page = text(browser.get(lab_page(session)))
    assert "Could not tell" in page
    assert f"0 of {len(walks.LAB.tasks)} done" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.QUEUED, "In the queue"), (State.RUNNING, "Checking"), (State.WAITING, "Waiting for Azure")],
)
def test_work_under_way_says_so_and_can_be_cancelled(
    browser: Browser, session: LabSession, state: Attempt.State, words: str
) -> None:
    walks.attempt(session, state=state, due_at=timezone.now() + timedelta(seconds=30))
    page = text(browser.get(task_page(session)))
    assert words in page
    assert "Cancel" in page
    assert "Not looked at yet" in page
    assert ("Check now" in page) == (state == State.WAITING)
    assert ("looks again at" in page) == (state == State.WAITING)


def test_a_cancel_under_way_is_shown_and_not_offered_again(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.RUNNING, cancel_requested=True)
    page = browser.get(task_page(session)).content.decode()
    assert "Cancelling" in page
    assert reverse("runs:cancel", args=[attempt.pk]) not in page


def test_the_timeline_tells_what_happened_and_what_azure_said_once(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    problem = AzureProblem(ProblemKind.THROTTLED, code="TooManyRequests", message="Slow down.", source=walks.SOURCE)
    walks.line(attempt, Kind.TROUBLE, wording(problem).happened, code=problem.code, message=problem.message, sources=[])
    page = text(browser.get(task_page(session)))
    assert "You asked for a check." in page
    assert page.count("TooManyRequests: Slow down.") == 1
    assert page.count("Slow down.") == 1


def test_looking_many_times_fills_no_timeline_but_the_attempts_own(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    for verdict in ("could_not_tell", "could_not_tell", "could_not_tell", "passed"):
        AttemptEvent.objects.create(
            attempt=attempt, kind=Kind.CHECKED, step_id="vault-usable", text="It is ready", detail={"verdict": verdict}
        )
    timeline = text(browser.get(task_page(session))).partition("Step by step")[2]
    assert timeline.count("It is ready") == 2, "could not tell, then passed"
    whole = text(browser.get(f"/attempts/{attempt.pk}/")).partition("Step by step")[2]
    assert whole.count("It is ready") == 4


def test_what_a_waiting_attempt_waits_for_stands_with_when_it_looks_again(
    browser: Browser, session: LabSession
) -> None:
    attempt = walks.attempt(session, state=State.WAITING, due_at=timezone.now() + timedelta(seconds=30))
    walks.line(attempt, Kind.WAITING, "vm-lab is busy with another Run Command.")
    page = text(browser.get(task_page(session)))
    assert page.index("vm-lab is busy") < page.index("The portal looks again at") < page.index("Step by step")


def test_an_attempt_that_is_over_promises_no_further_look(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    walks.evidence(attempt, TASK, Verdict.COULD_NOT_TELL)
    AttemptEvidence.objects.update(next_step=LOOKS_AGAIN)
    assert "the portal looks again while this check goes on" in text(browser.get(task_page(session)))
    Attempt.objects.update(state=State.CANCELLED)
    page = text(browser.get(task_page(session)))
    assert "looks again while" not in page
    assert "What to do next Check once more in a few minutes." in page


def test_what_a_finding_shares_with_the_one_above_is_said_once(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, verdict=Verdict.COULD_NOT_TELL)
    for at in range(2):
        row = walks.evidence(attempt, TASK, Verdict.COULD_NOT_TELL, at)
        row.wanted, row.found = row.title, "Azure's long words."
        row.save()
    page = text(browser.get(task_page(session)))
    assert page.count("Azure's long words.") == 1
    assert "Wanted" not in page, "it would repeat the title"


def test_a_long_timeline_is_cut_and_the_rest_is_a_click_away(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    for number in range(60):
        walks.line(attempt, Kind.WAITING, f"Look number {number}.")
    page = browser.get(task_page(session)).content.decode()
    assert "Look number 59." in page
    assert "Look number 5." not in page
    assert "Earlier lines" in page
    assert "Look number 5." in browser.get(reverse("runs:attempt", args=[attempt.pk])).content.decode()


def test_without_javascript_the_page_reloads_only_while_work_goes_on(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.RUNNING)
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in browser.get(task_page(session)).content.decode()
    assert refresh in browser.get(lab_page(session)).content.decode()
    Attempt.objects.filter(pk=attempt.pk).update(state=State.CANCELLED)
    assert refresh not in browser.get(task_page(session)).content.decode()
    assert refresh not in browser.get(lab_page(session)).content.decode()


def test_who_has_clicked_without_javascript_stays_at_the_answer(browser: Browser, session: LabSession) -> None:
    """A browser that is told to go where it already is, fragment and all, goes nowhere."""
    walks.attempt(session, state=State.RUNNING)
    page = browser.get(panel_of(task_page(session)).partition("#")[0]).content.decode()
    assert re.search(r'<meta http-equiv="refresh" content="3; url=\?look=\d+#panel">', page)
    assert 'content="3">' in browser.get(task_page(session)).content.decode()


def test_a_done_task_leads_to_the_next_open_one(browser: Browser, session: LabSession) -> None:
    walks.completed(session, TASK)
    following = walks.LAB.tasks[2]
    assert f"Next: {following.title}" in text(browser.get(task_page(session)))


def test_what_rows_say_is_text_and_never_markup(browser: Browser, session: LabSession) -> None:
    attempt = walks.finished(session, TASK, Verdict.NOT_YET)
    attempt.evidence.update(found="<script>alert(1)</script>", next_step="<b>x</b>")
    attempt.events.update(text="<img src=x>")
    page = browser.get(task_page(session)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page
    assert "<img" not in page


@pytest.mark.parametrize("told", [True, False])
def test_what_nobody_could_see_is_not_counted_as_not_passed(browser: Browser, session: LabSession, told: bool) -> None:
    attempt = walks.attempt(session, verdict=Verdict.COULD_NOT_TELL)
    walks.evidence(attempt, verdict=Verdict.COULD_NOT_TELL)
    if told:
        walks.evidence(attempt, verdict=Verdict.PASSED, at=1)
    page = text(browser.get(task_page(session)))
    assert ("1 of 2 passed" in page) is told
    assert "0 of 1 passed" not in page
