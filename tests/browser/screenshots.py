"""Takes the pictures of the documents: ``python -m tests.browser.screenshots [folder]``.

They show a real walk, and a class that is rehearsed: the portal's own processes and a practice cloud are started.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests import environment

environment.prepare()

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from launcher.portal import python_of  # noqa: E402
from steps.registry import LABS  # noqa: E402
from tests import processes  # noqa: E402
from tests.browser.chromium import chromium  # noqa: E402
from tests.practice_process import start_practice  # noqa: E402

FOLDER = environment.ROOT / "docs" / "screenshots"
LAB = next(iter(LABS.values()))


def start_portal(stack: ExitStack) -> tuple[str, dict[str, str]]:
    """Everything a walk needs, stopped with the stack; the address of the web process, and the environment of all."""
    cloud = stack.enter_context(start_practice(environment.STATE / "practice"))
    redis, redis_url = processes.start_redis(environment.REDIS_FOLDER)
    stack.callback(redis.stop)
    env = {
        **os.environ,
        "REDIS_URL": redis_url,
        "LAB_PRACTICE_PROXY": cloud.proxy,
        "LAB_PRACTICE_CA": cloud.ca_bundle,
        "LAB_PRACTICE_CONTROL": cloud.control,
    }
    migrate = [python_of(environment.ROOT), "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=env, cwd=environment.ROOT, check=True)
    processes.collect_static(env)
    for start in (processes.start_worker, processes.start_sweeper, processes.start_follower):
        stack.callback(start(env).stop)
    web, address = processes.start_web(env)
    stack.callback(web.stop)
    return address, env


def open_task(page: Page, number: int) -> None:
    page.goto(f"/labs/{LAB.id}/tasks/{LAB.tasks[number].id}/")
    expect(page.locator("[data-live-status]")).to_have_text("Live")


def take(browser: Browser, address: str, folder: Path) -> None:
    """Task 0 checked, Task 1 carried out, Task 2 not done yet."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860}).new_page()
    page.goto("/")
    page.screenshot(path=folder / "home.png")
    page.get_by_role("button", name="Start as a guest").click()
    expect(page.locator("#progress")).to_be_visible()
    open_task(page, 0)
    page.locator("#check-button").click()
    expect(page.locator("#panel-status")).to_contain_text("Done", timeout=30_000)
    open_task(page, 1)
    page.get_by_text("Have the portal do it").click()
    page.get_by_role("button", name="Carry it out").click()
    expect(page.locator("#panel-status")).to_contain_text("Done", timeout=60_000)
    open_task(page, 2)
    page.locator("#check-button").click()
    expect(page.locator("#panel-status")).to_contain_text("Not yet", timeout=30_000)
    page.screenshot(path=folder / "task.png")
    page.goto(f"/labs/{LAB.id}/")
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    page.screenshot(path=folder / "overview.png")


def rehearse(env: dict[str, str]) -> tuple[str, str, str]:
    """Name and password of an instructor, and the address of a class in which much goes wrong."""
    command = [python_of(environment.ROOT), "manage.py", "rehearse"]
    said = subprocess.run(command, env=env, cwd=environment.ROOT, check=True, capture_output=True, text=True).stdout
    who = re.search(r"Sign in as (\S+) with the password (\S+)", said)
    where = re.search(r"/classes/\d+/", said)
    assert who is not None, said
    assert where is not None, said
    return who[1], who[2], where[0]


def take_of_a_class(browser: Browser, address: str, env: dict[str, str], folder: Path) -> None:
    """The board, and the wall that a projector shows."""
    name, password, lab_class = rehearse(env)
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860}).new_page()
    page.goto("/accounts/sign-in/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/labs/**")
    for what in ("board", "wall"):
        page.goto(lab_class if what == "board" else f"{lab_class}wall/")
        expect(page.locator("[data-live-status]")).to_have_text("Live")
        page.screenshot(path=folder / f"{what}.png")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        address, env = start_portal(stack)
        take(browser, address, folder)
        take_of_a_class(browser, address, env, folder)


if __name__ == "__main__":
    main()
