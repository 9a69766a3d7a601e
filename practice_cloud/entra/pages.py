"""The sign-in pages. Whatever is echoed is escaped; no page runs a script but the one that hands a code over."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; background: #f3f2f1; color: #201f1e; margin: 0; }
main { background: #fff; max-width: 26rem; margin: 8vh auto; padding: 2rem; box-shadow: 0 2px 8px #0003; }
main { overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; } label { display: block; margin: .75rem 0; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem; }
button { font: inherit; padding: .4rem 1.2rem; margin: .75rem .5rem 0 0; } .problem { color: #a4262c; }
.note { color: #605e5c; font-size: .85rem; border-top: 1px solid #edebe9; padding-top: .75rem; }
"""
_SUBMIT = "document.forms[0].submit()"
_SUBMIT_HASH = base64.b64encode(hashlib.sha256(_SUBMIT.encode()).digest()).decode()
_NOTE = "This is the practice cloud on your own machine. Use the user and password of your practice subscription."


def sign_in(app: str, *, hidden: dict[str, str], user: str = "", code: str | None = None, problem: str = "") -> str:
    """The form that asks for user and password, and for the device's code if ``code`` is not None."""
    wrong = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    code_field = "" if code is None else _field("code", "Code shown by your program", "text", code, "off")
    decline = "" if code is None else '<button name="answer" value="decline" formnovalidate>It was not me</button>'
    return f"""<h1>Sign in to the practice cloud</h1>
<p>{escape(app)} asks to act for you.</p>{wrong}
<form method="post">{_hidden(hidden)}{code_field}
{_field("username", "User", "text", user, "username")}
{_field("password", "Password", "password", "", "current-password")}
<button name="answer" value="accept">Sign in</button>{decline}</form>
<p class="note">{escape(_NOTE)}</p>"""


def second_factor(*, shown: str, hidden: dict[str, str], problem: str) -> str:
    """The step that asks for the code of an authenticator, which stands on the page."""
    wrong = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return f"""<h1>Verify your identity</h1>
<p>Your practice organization demands a second factor.</p>
<p>Your practice telephone shows <strong>{escape(shown)}</strong>.</p>
{wrong}<form method="post">{_hidden(hidden)}
{_field("otp", "Type the code shown here", "text", "", "one-time-code")}
<button name="answer" value="accept">Verify</button></form>"""


def consent(app: str, wants: list[str], *, whole: str, hidden: dict[str, str]) -> str:
    """What the application will be able to do; ``whole`` names the tenant for all of which it is asked, "" for one."""
    who = f"for everybody in {whole}" if whole else "in your name"
    items = "".join(f"<li>{escape(one)}</li>" for one in wants)
    return f"""<h1>Permissions requested</h1>
<p>{escape(app)} asks to be allowed, {escape(who)}, to:</p><ul>{items}</ul>
<form method="post">{_hidden(hidden)}<button name="answer" value="consent">Accept</button>
<button name="answer" value="refuse">Cancel</button></form>"""


def admins_only(app: str, *, hidden: dict[str, str]) -> str:
    text = f"AADSTS90094: {app} needs permission to access resources in your organization that only an admin can grant."
    return f"""<h1>Need admin approval</h1>
<p>{escape(text)} Please ask an admin to grant permission to this app before you can use it.</p>
<form method="post">{_hidden(hidden)}
<button name="answer" value="return">Return to the application without granting consent</button></form>"""


def told(title: str, text: str) -> str:
    return f"<h1>{escape(title)}</h1><p>{escape(text)}</p>"


def page(content: str, status: int = 200, *, script: bool = False) -> HTMLResponse:
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    if script:
        policy += f"; script-src 'sha256-{_SUBMIT_HASH}'"
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>Practice cloud</title><style>{_STYLE}</style>"
    html = f'<!doctype html><html lang="en"><head>{head}</head><body><main>{content}</main></body></html>'
    return HTMLResponse(html, status, headers)


def hand_over(address: str, fields: dict[str, str]) -> HTMLResponse:
    """A form that posts ``fields`` to the program that asked, by itself or at the press of its button."""
    form = f'<form method="post" action="{escape(address)}">{_hidden(fields)}<button>Continue</button></form>'
    return page(f"<h1>Signed in</h1>{form}<script>{_SUBMIT}</script>", script=True)


def _hidden(fields: dict[str, str]) -> str:
    return "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in fields.items())


def _field(name: str, label: str, kind: str, value: str, autocomplete: str) -> str:
    return (
        f'<label>{escape(label)} <input name="{name}" type="{kind}" value="{escape(value)}" '
        f'autocomplete="{autocomplete}" required></label>'
    )
