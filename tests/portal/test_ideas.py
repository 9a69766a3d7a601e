"""The ideas behind the lab: short, drawn where a picture says more, and there for every reason that names one."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from labportal.accounts.models import User
from labportal.labs.ideas import ideas_of
from labportal.labs.models import LabSession
from steps.kit.reasons import Idea
from tests.portal.addresses import ideas, lab_page, task_page
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB

DRAWN = [idea for idea in LAB.ideas.values() if idea.picture]
SVG = "{http://www.w3.org/2000/svg}"


def drawing(idea: Idea) -> ElementTree.Element:
    source = render_to_string(f"labs/drawings/{idea.picture}.svg")
    return ElementTree.fromstring(source)


def test_the_lab_explains_what_it_teaches() -> None:
    assert set(LAB.ideas) >= {
        "managed-identity",
        "token-audience",
        "control-and-data-plane",
        "access-policy-and-rbac",
        "soft-delete",
        "resource-providers",
        "network-rules",
    }
    assert {idea.id for idea in DRAWN} >= {
        "managed-identity",
        "control-and-data-plane",
        "access-policy-and-rbac",
        "soft-delete",
    }


@pytest.mark.parametrize("idea", LAB.ideas.values(), ids=lambda idea: idea.id)
def test_an_idea_is_short(idea: Idea) -> None:
    assert 80 <= len(idea.text.split()) <= 150


def test_every_idea_that_a_reason_names_is_there() -> None:
    named = {reason.idea for reason in LAB.reasons.values() if reason.idea}
    assert named <= set(LAB.ideas)


def test_every_remedy_that_a_reason_names_is_there() -> None:
    named = {remedy for reason in LAB.reasons.values() for remedy in reason.remedies}
    assert named <= set(LAB.remedies)


@pytest.mark.parametrize("idea", DRAWN, ids=lambda idea: idea.id)
def test_a_drawing_can_be_heard_and_is_readable_in_the_dark(idea: Idea) -> None:
    svg = drawing(idea)
    title, desc = svg.find("title"), svg.find("desc")
    assert title is not None and desc is not None  # noqa: PT018
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert svg.attrib["role"] == "img"
    assert len((desc.text or "").split()) >= 15, "says what is drawn"
    painted = [one.attrib[name] for one in svg.iter() for name in ("stroke", "fill") if name in one.attrib]
    assert set(painted) <= {"none", "currentColor"}
    assert not any("style" in one.attrib for one in svg.iter())


def test_the_drawings_share_no_ids() -> None:
    ids = [one.attrib["id"] for idea in DRAWN for one in drawing(idea).iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))


def test_the_page_has_an_anchor_for_each(browser: Browser, session: LabSession) -> None:
    answer = browser.get(ideas(session))
    page = answer.content.decode()
    for idea in LAB.ideas.values():
        assert f'id="{idea.id}"' in page
        assert f'href="#{idea.id}"' in page
        assert idea.title in text(answer)
    assert page.count('role="img"') == len(DRAWN)


def test_their_markdown_becomes_words_and_no_signs() -> None:
    for idea in ideas_of(LAB):
        assert not re.search(r"\*\*|`", idea.html), idea.id


def test_overview_and_task_lead_there(browser: Browser, session: LabSession) -> None:
    for address in (lab_page(session), task_page(session)):
        assert f'href="{ideas(session)}"' in browser.get(address).content.decode()


def test_they_can_be_read_before_the_lab_has_begun(ada: User) -> None:
    answer = Browser(ada).get(f"/labs/{LAB.id}/ideas/")
    assert answer.status_code == 200
    assert "Deleted is not gone" in text(answer)
