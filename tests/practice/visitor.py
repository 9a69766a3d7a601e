"""Somebody at the sign-in pages, as a browser would be: reads a page's form, fills it in, presses a button."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

from tests.practice_process import Practice


class Visitor:
    """``page`` is what is shown, ``arrived`` the query of the address that a program was called back at."""

    def __init__(self, cloud: Practice, student: dict[str, Any]) -> None:
        self.cloud, self.student = cloud, student
        self.page = httpx.Response(200)
        self.address = ""

    def open(self, address: str) -> Visitor:
        self.address = address.partition("?")[0]
        with self.cloud.http() as http:
            self.page = http.get(address)
        return self

    def press(self, answer: str, **fields: str) -> Visitor:
        """The form with its hidden fields, those named here, and the button."""
        form = {**self.hidden(), **fields, "answer": answer}
        with self.cloud.http() as http:
            self.page = http.post(self.address, data=form)
        return self

    def sign_in(self, **changes: str) -> Visitor:
        return self.press("accept", username=self.student["user"], password=self.student["password"], **changes)

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', self.page.text)
        return {name: html.unescape(value) for name, value in found}

    @property
    def arrived(self) -> dict[str, str]:
        assert self.page.status_code == 302, self.page.text
        return dict(httpx.URL(self.page.headers["location"]).params)

    def second_factor(self) -> str:
        """What the practice telephone shows."""
        (shown,) = re.findall(r"<strong>(\d{6})</strong>", self.page.text)
        return str(shown)


class Msal:
    """MSAL's idea of an HTTP client, over httpx."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> httpx.Response:
        return self._http.get(url, params=params, headers=headers)

    def post(self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any) -> httpx.Response:
        return self._http.post(url, params=params, data=data, headers=headers)
