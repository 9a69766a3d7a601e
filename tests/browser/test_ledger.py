"""The calls to Azure as a student reads them: on a phone and on a desk, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.student import check, expect_status, go, open_task, start_as_guest

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_student_reads_what_was_asked_in_their_name(page: Page) -> None:
    start_as_guest(page)
    open_task(page, "preflight")
    check(page)
    expect_status(page, "Done")
    go(page, "history/")
    page.get_by_role("link", name="Every call to Azure").click()
    rows = page.locator(".ledger tbody tr")
    expect(rows.first).to_contain_text("management.azure.com")
    everything = rows.count()

    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.locator(".table-wrap").evaluate("one => one.scrollWidth <= one.clientWidth"), width

    request_id = rows.first.locator(".request-id code")
    request_id.click()
    assert page.evaluate("String(getSelection()).trim()") == request_id.inner_text(), "one click takes the whole of it"

    page.get_by_role("link", name="Only writes").press("Enter")
    expect(page.get_by_text("Nothing of the kind was asked.")).to_be_visible()
    page.get_by_role("link", name="Reads and writes").press("Enter")
    expect(rows).to_have_count(everything)
    rows.first.get_by_role("link").click()
    page.get_by_role("link", name=f"{everything} calls to Azure").click()
    expect(rows).to_have_count(everything)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + everything
