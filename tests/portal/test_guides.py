"""Guides: Markdown that comes out safe, for every task and every way."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from labportal.connections.models import Connection
from labportal.labs.guides import guide_page, to_html
from labportal.labs.models import LabSession
from steps.kit.task import Guide, Task
from tests.portal import walks
from tests.portal.browsing import Browser


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://ok.example" onclick="x()">x</a>',
        "![x](https://evil.example/pixel.png)",
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_that_runs_or_calls_out_survives(evil: str) -> None:
    html = to_html(evil)
    assert not re.search(r"<(script|img|style|iframe)\b", html)
    assert not re.search(r"<a [^>]*(javascript:|data:|onclick)", html)


def test_links_open_beside_the_guide_and_tell_the_other_site_nothing() -> None:
    html = to_html("[Azure](https://portal.azure.com)")
    assert 'href="https://portal.azure.com"' in html
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer"' in html


def test_steps_code_and_tables_are_kept() -> None:
    html = to_html("1. First\n\n   ```\n   az login\n   ```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<ol>" in html
    assert "<pre><code>az login" in html
    assert "<td>1</td>" in html


def test_the_ways_keep_their_order_and_have_titles() -> None:
    page = guide_page(Guide("Hello", {"portal": "1. a", "az": "1. b", "powershell": "1. c"}))
    assert [(way.key, way.title) for way in page.ways] == [
        ("portal", "Azure portal"),
        ("az", "Azure CLI"),
        ("powershell", "PowerShell"),
    ]


@pytest.mark.parametrize("task", walks.LAB.tasks, ids=lambda task: task.id)
def test_every_task_shows_all_its_ways_without_javascript(browser: Browser, session: LabSession, task: Task) -> None:
    page = browser.get(reverse("labs:task", args=[session.lab_id, task.id])).content.decode()
    for way in task.guide(session.names).ways:
        assert f'href="#way-{way}"' in page
        assert f'id="way-{way}"' in page
    assert "{{" not in page


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("portal", "has no Azure portal to click in"),
        ("az", "In a shell that is"),
        ("powershell", "no Remote Desktop and is not made for Azure PowerShell"),
    ],
)
def test_each_way_says_what_it_is_worth_in_the_practice_cloud(
    browser: Browser, session: LabSession, way: str, words: str
) -> None:
    page = browser.get(reverse("labs:task", args=[session.lab_id, walks.TASK.id])).content.decode()
    section = page.split(f'id="way-{way}"')[1].split("</section>")[0]
    assert words in section
    assert f'href="{reverse("labs:lab", args=[session.lab_id])}#own-tools"' in section
    assert 'id="own-tools"' in browser.get(reverse("labs:lab", args=[session.lab_id])).content.decode()


def test_on_a_real_subscription_the_guides_speak_of_no_practice(browser: Browser, session: LabSession) -> None:
    Connection.objects.update(cloud=Connection.Cloud.AZURE)
    page = browser.get(reverse("labs:task", args=[session.lab_id, walks.TASK.id])).content.decode()
    assert "own-tools" not in page


def test_a_name_stays_in_one_piece_with_what_is_right_behind_it() -> None:
    assert to_html("Open **kv-1**, `vm-1`.") == (
        '<p>Open <span class="whole"><strong>kv-1</strong>,</span> <span class="whole"><code>vm-1</code>.</span></p>\n'
    )
    for other in ("Open **Key vaults**.", "Type `az vm-x`.", "    kv-1\n"):
        assert "whole" not in to_html(other)


def test_what_cannot_be_carried_out_is_not_said_to_be(browser: Browser, session: LabSession) -> None:
    before, first = walks.LAB.tasks[:2]
    for task, said in ((before, False), (first, True)):
        page = browser.get(reverse("labs:task", args=[session.lab_id, task.id])).content.decode()
        assert task.can_carry_out is said
        assert ("have it carried out" in page) is said
