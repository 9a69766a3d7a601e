"""What glass lets through: only what is known to show something."""

from __future__ import annotations

import pytest

from labportal.students.glass import Sheet, under_glass

PAGE = '<body><section class="subhead x">{sub}</section><main id="main" class="page">{main}</main>after</body>'


def seen(main: str, sub: str = "") -> Sheet:
    return under_glass(
        PAGE.format(main=main, sub=sub), lambda address: f"/glass{address}" if address != "/no/" else None
    )


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<p>a &lt;b&gt; &amp; c</p>", "<p>a &lt;b&gt; &amp; c</p>"),
        ('<form class="f" method="post" action="/x/" hx-post="/x/">a</form>', '<div class="f">a</div>'),
        ('<input type="hidden" name="csrf" value="t">', ""),
        ('<button class="button" type="submit" onclick="x()">Go</button>',
         '<button class="button" type="submit" disabled>Go</button>'),
        ('<textarea id="t" name="n">x</textarea>', '<textarea id="t" disabled>x</textarea>'),
        ('<script src="/a.js"></script>a<script>b()</script>', "a"),
        ('<noscript><meta http-equiv="refresh" content="3"></noscript>a', "a"),
        ('<meta http-equiv="refresh" content="3">a', "a"),
        ('<style>p{}</style><link rel="stylesheet" href="/x.css">a', "a"),
        ("<iframe src='/x/'><p>in</p></iframe>a", "a"),
        ('<a href="/yes/" hx-get="/x/" target="_top">y</a>', '<a href="/glass/yes/">y</a>'),
        ('<a class="c" href="/no/">n</a>', '<a class="c" aria-disabled="true" role="link">n</a>'),
        ('<div hx-sse:connect="/events/" data-stream id="s"></div>', '<div data-stream id="s"></div>'),
        ('<div data-hx-get="/x/" data-label="y"></div>', '<div data-label="y"></div>'),
        ('<details open><summary>s</summary>d</details>', "<details open><summary>s</summary>d</details>"),
        ('<svg viewBox="0 0 2 2"><path d="m1 1"/><circle r="1" onload="x()"/></svg>',
         '<svg viewbox="0 0 2 2"><path d="m1 1"/><circle r="1"/></svg>'),
        ('<p title="&quot;><script>x()</script>">a</p>', '<p title="&quot;&gt;&lt;script&gt;x()&lt;/script&gt;">a</p>'),
        ("a<br>b<hr>c", "a<br>b<hr>c"),
        ("<main>inner</main>rest", "<main>inner</main>rest"),
    ],
)  # fmt: skip
def test_what_is_left(given: str, left: str) -> None:
    assert seen(given).main == left


def test_the_line_below_the_header_comes_apart_and_nothing_else_at_all() -> None:
    sheet = seen("<p>m</p>", sub='<section><a href="/yes/">here</a></section>tail')
    assert sheet.subhead == '<section><a href="/glass/yes/">here</a></section>tail'
    assert (sheet.main, sheet.main_class) == ("<p>m</p>", "page")


def test_a_javascript_address_is_none() -> None:
    from labportal.students.looking import where_it_leads

    assert where_it_leads("javascript:alert(1)", 1, 1) is None
    assert where_it_leads("#panel", 1, 1) == "#panel"
    assert where_it_leads("?page=2", 1, 1) == "?page=2"
    assert where_it_leads("https://learn.microsoft.com/x", 1, 1) == "https://learn.microsoft.com/x"
    assert where_it_leads("/accounts/sign-out/", 1, 1) is None
    assert where_it_leads("/no/such/place/", 1, 1) is None
    assert where_it_leads("data:text/html,x", 1, 1) is None
    assert where_it_leads("//elsewhere.example/labs/", 1, 1) is None
