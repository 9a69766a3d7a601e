"""What a finding offers: why it matters, the idea behind it, what may have been meant, and what can be mended."""

from __future__ import annotations

import re

import pytest

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.problems import why
from steps.kit.verdict import Choice, Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import choose, ideas, panel_of, repair, task_page
from tests.portal.browsing import Browser, text

pytestmark = pytest.mark.usefixtures("everything_offered")
State = Attempt.State
BUSY = [State.QUEUED, State.RUNNING, State.WAITING]
BUTTON = '<span>Use <span class="whole">kv-other</span></span></button>'


def panel(browser: Browser, session: LabSession) -> str:
    return browser.get(task_page(session)).content.decode()


# What is shown


def test_a_finding_says_why_it_matters_and_leads_to_the_idea_behind_it(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    page = browser.get(task_page(session))
    assert "Why it matters Because nothing works without it." in text(page)
    assert f'href="{ideas(session)}#an-idea">An idea</a>' in page.content.decode()


@pytest.mark.parametrize("kind", [ProblemKind.THROTTLED, ProblemKind.CREDENTIAL_EXPIRED, ProblemKind.NOT_AUTHORIZED])
def test_trouble_with_azure_says_why_it_matters_too(browser: Browser, session: LabSession, kind: ProblemKind) -> None:
    attempt = walks.attempt(session, verdict=Verdict.COULD_NOT_TELL)
    examiner.finding(attempt, kind.value, Verdict.COULD_NOT_TELL)
    assert why(kind.value)
    assert f"Why it matters {why(kind.value)}" in text(browser.get(task_page(session)))


def test_a_reason_that_nobody_knows_any_more_is_shown_without_more(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    examiner.finding(attempt, "a-reason-of-old")
    page = text(browser.get(task_page(session)))
    assert "There is no vault kv-ada." in page
    assert "Why it matters" not in page


def test_a_choice_is_a_button_that_says_what_it_sets(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    page = panel(browser, session)
    assert '<input type="hidden" name="name" value="vault"><input type="hidden" name="value" value="kv-other">' in page
    assert BUTTON in page


def test_the_exact_change_stands_before_the_button_that_makes_it(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    page = text(browser.get(task_page(session)))
    assert page.index("Mend it for me: Mend the vault") < page.index("Mend the vault for kv-ada, exactly so.")
    assert "marked as done with a repair by the portal" in page
    assert page.index("Mend it for me: Mend the vault") < page.index("Mend it for me: Purge the vault")


def test_what_several_findings_offer_stands_once(browser: Browser, session: LabSession) -> None:
    attempt = examiner.found(session)
    examiner.finding(attempt, "broken", at=1, choices=(examiner.CHOICE,))
    page = text(browser.get(task_page(session)))
    for words in ("Why it matters", "Use kv-other", "Mend it for me: Mend the vault", "Show a hint 0 of 2 shown"):
        assert page.count(words) == 1, words


def test_what_offers_something_is_found_first_although_it_stood_last(browser: Browser, session: LabSession) -> None:
    """The one that is shown open has the offer, not the passed one that is folded away."""
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    examiner.finding(attempt, "broken", Verdict.PASSED, at=0)
    row = examiner.finding(attempt, "broken", Verdict.NOT_YET, at=1)
    page = panel(browser, session)
    needs_attention = page.index(f'id="finding-{attempt.pk}-{row.check_id}"')
    assert needs_attention < page.index("Why it matters") < page.index('<details id="found-')


@pytest.mark.parametrize(("reason", "in_the_open"), [("fine", 0), ("fine-but", 1)])
def test_a_pass_is_folded_away_but_for_its_remark(
    browser: Browser, session: LabSession, reason: str, in_the_open: int
) -> None:
    attempt = walks.attempt(session, verdict=Verdict.PASSED)
    examiner.finding(attempt, reason, Verdict.PASSED)
    page = panel(browser, session)
    assert page.partition('<details id="found-')[0].count("It is there.") == in_the_open
    assert page.count("It is there.") == 1
    assert ("What was wanted and found" in page) is not bool(in_the_open)


def test_what_only_waits_for_another_check_is_one_line_after_what_is_to_do(
    browser: Browser, session: LabSession
) -> None:
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    examiner.finding(attempt, "rests-on-it", Verdict.COULD_NOT_TELL, at=0)
    examiner.finding(attempt, "broken", Verdict.NOT_YET, at=1)
    examiner.finding(attempt, "unheard-of", Verdict.COULD_NOT_TELL, at=2)
    page, said = panel(browser, session), text(browser.get(task_page(session)))
    tones = re.findall('<li class="finding ([a-z-]+)"', page)
    assert tones == ["not-yet", "unknown", "waits"], "what waits is not what could not be told"
    assert "Waits There is no vault kv-ada." in said
    assert said.count("What to do next") == 2
    assert "One cause is told once." not in said


def test_while_it_waits_what_could_not_be_told_stands_before_the_rest_and_the_story(
    browser: Browser, session: LabSession
) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    examiner.finding(attempt, "fine", Verdict.PASSED, at=0)
    cause = examiner.finding(attempt, "broken", Verdict.COULD_NOT_TELL, at=1)
    page = panel(browser, session)
    assert re.findall('<li class="finding [a-z-]+" id="([^"]+)"', page)[0] == f"finding-{attempt.pk}-{cause.check_id}"
    assert page.index(f"finding-{attempt.pk}-{cause.check_id}") < page.index('<details class="timeline"')


@pytest.mark.parametrize(
    ("state", "verdict", "said"),
    [
        (State.FINISHED, Verdict.COULD_NOT_TELL, True),
        (State.WAITING, Verdict.COULD_NOT_TELL, False),
        (State.FINISHED, Verdict.NOT_YET, False),
    ],
)
def test_who_is_told_that_something_could_not_be_told_hears_that_the_check_is_over(
    browser: Browser, session: LabSession, state: Attempt.State, verdict: Verdict, said: bool
) -> None:
    attempt = walks.attempt(session, state=state, verdict=Verdict.NOT_YET if state == State.FINISHED else None)
    examiner.finding(attempt, "broken", verdict)
    page = text(browser.get(task_page(session)))
    assert ("This check is over. What could not be told is looked at again with your next one." in page) is said


@pytest.mark.parametrize("state", BUSY)
def test_nothing_is_offered_while_something_is_under_way(
    browser: Browser, session: LabSession, state: Attempt.State
) -> None:
    attempt = walks.attempt(session, state=state)
    examiner.finding(attempt, "broken", choices=(examiner.CHOICE,))
    page = text(browser.get(task_page(session)))
    assert "Because nothing works without it." in page
    assert "Mend it for me" not in page
    assert "You can choose once this has ended: Use kv-other" in page
    assert BUTTON not in panel(browser, session)


def test_an_attempts_own_page_explains_and_offers_nothing(browser: Browser, session: LabSession) -> None:
    attempt = examiner.found(session)
    answer = browser.get(f"/attempts/{attempt.pk}/")
    assert "Because nothing works without it." in text(answer)
    assert "Mend it for me" not in text(answer)
    assert "</button>" not in answer.content.decode().partition("<main")[2]


def test_an_attempts_own_page_says_where_what_it_left_to_choose_is_chosen(
    browser: Browser, session: LabSession
) -> None:
    """The next step may say that it stands below: there it has to."""
    attempt = examiner.found(session)
    page = text(browser.get(f"/attempts/{attempt.pk}/"))
    words = "To choose on the task's page, while this is its latest attempt: Use kv-other"
    assert page.index("What to do next") < page.index(words)
    assert words not in text(browser.get(task_page(session)))


def test_nothing_of_an_offer_is_markup(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    evil = '"><script>alert(1)</script>'
    examiner.finding(attempt, "broken", choices=(Choice("vault", evil, f"Use {evil}"),))
    page = panel(browser, session)
    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;' in page


# Choosing


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("vault", "kv-other", "vault_name"),
        ("secret", "other-secret", "secret_name"),
        ("vm", "vm-other", "vm_name"),
        ("permission_model", "roles", "permission_model"),
    ],
)
def test_choosing_sets_the_name_and_checks_with_it(
    browser: Browser, session: LabSession, name: str, value: str, field: str
) -> None:
    examiner.found(session)
    answer = browser.post(choose(session), {"name": name, "value": value})
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    session.refresh_from_db()
    assert getattr(session, field) == value
    begun = Attempt.objects.latest("id")
    assert (begun.task_id, begun.mode, begun.state) == (walks.TASK.id, Mode.VALIDATE, State.QUEUED)


def test_the_page_that_comes_back_uses_the_chosen_name(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    page = text(browser.post(choose(session), {"name": "vault", "value": "kv-other"}, follow=True))
    assert "Saved. The guides and the checks now use it." in page
    assert "In the queue" in page
    assert "Make one named kv-other" in page


@pytest.mark.parametrize("state", BUSY)
def test_no_name_changes_under_an_attempt(browser: Browser, session: LabSession, state: Attempt.State) -> None:
    walks.attempt(session, walks.LAB.tasks[0], state=state)
    page = text(browser.post(choose(session), {"name": "vault", "value": "kv-other"}, follow=True))
    assert "under way with the old names" in page
    session.refresh_from_db()
    assert session.vault_name == "kv-ada"
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vault", "no_name"),
        ("vault", ""),
        ("secret", "a b"),
        ("vm", "-"),
        ("permission_model", "anarchy"),
        ("subscription_id", "another"),
        ("resource_group", "rg-other"),
        ("", ""),
    ],
)
def test_what_could_not_be_offered_is_refused_in_words(
    browser: Browser, session: LabSession, name: str, value: str
) -> None:
    before = session.names
    answer = browser.post(choose(session), {"name": name, "value": value})
    assert answer.status_code == 409
    assert "That is not offered now" in text(answer)
    session.refresh_from_db()
    assert session.names == before
    assert not Attempt.objects.exists()


# Mending


def test_mending_begins_a_repair_and_leads_back_to_the_task(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    answer = browser.post(repair(session), {"remedy": "mend-it"})
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    begun = Attempt.objects.latest("id")
    assert (begun.mode, begun.remedy, begun.state) == (Mode.REPAIR, "mend-it", State.QUEUED)
    assert "Repair : Mend the vault" in text(browser.get(task_page(session)))


def test_a_repair_validates_with_the_answers_given_before(browser: Browser, session: LabSession) -> None:
    last = walks.LAB.tasks[-1]
    attempt = walks.attempt(session, last, verdict=Verdict.NOT_YET, answers={last.asks[0].id: "kept"})
    examiner.finding(attempt, "broken")
    browser.post(repair(session, last.id), {"remedy": "mend-it"})
    assert Attempt.objects.latest("id").answers == {last.asks[0].id: "kept"}


def refused(browser: Browser, session: LabSession, remedy: str = "mend-it") -> None:
    attempts = Attempt.objects.count()
    answer = browser.post(repair(session), {"remedy": remedy})
    assert answer.status_code == 409
    assert "That is not offered now" in text(answer)
    assert browser.htmx_post(repair(session), {"remedy": remedy}).status_code == 409
    assert Attempt.objects.count() == attempts


def test_nothing_is_mended_before_anything_was_found(browser: Browser, session: LabSession) -> None:
    refused(browser, session)


@pytest.mark.parametrize("remedy", ["", "no-such-remedy", "take-back", "delete-all"])
def test_only_what_was_offered_is_mended(browser: Browser, session: LabSession, remedy: str) -> None:
    examiner.found(session)
    refused(browser, session, remedy)


def test_what_an_earlier_attempt_offered_is_not_mended(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    walks.finished(session)
    refused(browser, session)


def test_what_another_task_offers_is_not_mended_here(browser: Browser, session: LabSession) -> None:
    examiner.finding(walks.attempt(session, walks.LAB.tasks[2], verdict=Verdict.NOT_YET), "broken")
    refused(browser, session)


@pytest.mark.parametrize("state", BUSY)
def test_nothing_is_mended_while_something_is_under_way(
    browser: Browser, session: LabSession, state: Attempt.State
) -> None:
    examiner.finding(walks.attempt(session, state=state), "broken")
    refused(browser, session)


def test_what_somebody_else_was_offered_is_not_mended(session: LabSession) -> None:
    examiner.found(session)
    eve = walks.person("eve")
    refused(Browser(eve), walks.ready_session(eve))
