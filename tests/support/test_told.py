"""What a student was written shows on their pages, is put away, and what it offers is done once they accept."""

from __future__ import annotations

from typing import Any

import pytest

from labportal.labs.names import worded_for
from labportal.runs.models import Attempt
from labportal.support.audience import just
from labportal.support.letters import send
from labportal.support.models import Message, Receipt
from steps.kit.course import Mode
from tests.classes.school import member, student
from tests.portal import examiner, walks
from tests.portal.addresses import lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene, queries


def write(school: Scene, words: str = "Look at Task 1 again.", *, remedy: str = "", task_id: str = "") -> Receipt:
    from labportal.accounts.class_access import Seat
    from labportal.classes.models import Membership

    ann = Membership.objects.select_related("lab_class").get(lab_class=school.lab_class, name="Ann")
    assert send(just(Seat(ann), school.ada, task_id), ann, words, remedy) == 1
    return Receipt.objects.get(message=Message.objects.latest("pk"))


def offer(school: Scene) -> Receipt:
    return write(school, "Shall I?", remedy="mend-it", task_id=TASK.id)


def accept(school: Scene, receipt: Receipt, names: str | None = None) -> Any:
    names = worded_for(school.session.names) if names is None else names
    return school.student.post(school.of_lab("support:accept", receipt.pk), {"names": names})


def repairs() -> list[Attempt]:
    return list(Attempt.objects.filter(mode=Mode.REPAIR.value))


@pytest.mark.parametrize("page", [task_page, lab_page])
def test_it_shows_on_their_pages_with_who_wrote_it(school: Scene, page: Any) -> None:
    receipt = write(school)
    shown = text(school.student.get(page(school.session)))
    assert "Look at Task 1 again." in shown
    assert "Ann Monday group" in shown
    receipt.refresh_from_db()
    assert receipt.seen_at is not None


def test_that_it_was_shown_is_noted_once(school: Scene) -> None:
    receipt = write(school)
    school.student.get(task_page(school.session))
    receipt.refresh_from_db()
    first = receipt.seen_at
    school.student.htmx_get(school.of_lab("support:region"))
    receipt.refresh_from_db()
    assert receipt.seen_at == first


def test_words_are_shown_as_they_are(school: Scene) -> None:
    write(school, "<b>not bold</b>\nand a second line")
    page = school.student.get(task_page(school.session)).content.decode()
    assert "&lt;b&gt;not bold&lt;/b&gt;<br>and a second line" in page


def test_it_is_put_away(school: Scene) -> None:
    receipt = write(school)
    answer = school.student.htmx_post(school.of_lab("support:dismiss", receipt.pk))
    assert "Look at Task 1 again." not in text(answer)
    assert "Look at Task 1 again." not in text(school.student.get(task_page(school.session)))
    receipt.refresh_from_db()
    assert receipt.dismissed_at is not None


def test_nobody_else_gets_at_it(school: Scene) -> None:
    receipt = write(school)
    eve, walk = student(school.lab_class, "eve")
    for name in ("support:dismiss", "support:accept"):
        assert Browser(eve.user).post(school.of_lab(name, receipt.pk)).status_code == 404
    assert "Look at Task 1 again." not in text(Browser(eve.user).get(task_page(walk)))
    receipt.refresh_from_db()
    assert (receipt.dismissed_at, receipt.accepted_at, receipt.seen_at) == (None, None, None)


def test_who_has_left_the_class_is_written_nothing_any_more(school: Scene) -> None:
    write(school)
    school.ada.delete()
    member(school.lab_class.__class__.objects.create(lab_id=LAB.id, name="Another"), school.session.user)
    assert "Look at Task 1 again." not in text(school.student.get(task_page(school.session)))


@pytest.mark.usefixtures("everything_offered")
class TestAnOffer:
    def test_the_change_is_told_exactly_and_done_when_accepted(self, school: Scene) -> None:
        examiner.found(school.session)
        receipt = offer(school)
        page = text(school.student.get(task_page(school.session)))
        assert "Mend the vault for kv-ada, exactly so." in page
        answer = accept(school, receipt)
        assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(school.session)))
        (repair,) = repairs()
        assert (repair.remedy, repair.task_id, repair.on_behalf) == ("mend-it", TASK.id, False)
        receipt.refresh_from_db()
        assert receipt.accepted_at is not None
        assert "You accepted the offer" in text(school.student.get(task_page(school.session)))

    def test_what_is_mended_by_then_is_not_needed_any_more(self, school: Scene) -> None:
        examiner.found(school.session)
        receipt = offer(school)
        walks.finished(school.session)
        assert "that is not needed" in text(school.student.get(task_page(school.session)))
        answer = accept(school, receipt)
        assert answer.status_code == 303
        assert "not needed any more" in text(school.student.get(task_page(school.session)))
        assert repairs() == []
        receipt.refresh_from_db()
        assert receipt.accepted_at is None

    def test_a_plan_in_old_names_is_not_carried_out(self, school: Scene) -> None:
        examiner.found(school.session)
        receipt = offer(school)
        assert accept(school, receipt, names="kv-old/lab-secret/vm-lab/policies").status_code == 409
        assert repairs() == []
        receipt.refresh_from_db()
        assert receipt.accepted_at is None

    def test_on_another_task_s_page_it_says_where_to_look(self, school: Scene) -> None:
        examiner.found(school.session)
        receipt = offer(school)
        page = text(school.student.get(task_page(school.session, LAB.tasks[2].id)))
        assert f"look at it at {TASK.title}" in page
        assert "exactly so" not in page.split("Check")[0]
        elsewhere = school.of_lab("support:accept", receipt.pk, task_id=LAB.tasks[2].id)
        assert school.student.post(elsewhere).status_code == 404

    def test_what_another_class_of_theirs_leaves_to_them_is_not_done(self, school: Scene) -> None:
        strict = school.lab_class.__class__.objects.create(lab_id=LAB.id, name="Strict", allows_repair=False)
        member(strict, school.session.user)
        examiner.found(school.session)
        receipt = offer(school)
        page = text(school.student.get(task_page(school.session)))
        assert "an offer to mend something: Mend the vault. Your class Strict leaves this to you" in page
        answer = accept(school, receipt)
        assert answer.status_code == 409
        assert "Your class Strict leaves this to you" in text(answer)
        assert repairs() == []

    def test_a_message_without_an_offer_has_nothing_to_accept(self, school: Scene) -> None:
        examiner.found(school.session)
        assert accept(school, write(school, task_id=TASK.id)).status_code == 404

    def test_a_page_asks_as_much_with_many_messages_as_with_two(self, school: Scene) -> None:
        examiner.found(school.session)
        offer(school)
        write(school)
        page = task_page(school.session)
        queries(school.student, page)
        two = queries(school.student, page)
        for _ in range(12):
            offer(school)
        queries(school.student, page)
        assert queries(school.student, page) == two
