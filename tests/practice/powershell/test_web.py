"""Invoke-RestMethod and Invoke-WebRequest."""

# ruff: noqa: E501 - a script stands on its line

from __future__ import annotations

import json

import pytest

from tests.practice.powershell.world import TOKEN, Network, output, run

VAULT = "https://mi-lab-vault.vault.azure.net"
AUTH = f"@{{Authorization='Bearer {TOKEN}'}}"


def sent(script: str) -> list[tuple[str, str, bytes]]:
    network = Network()
    run(script, network=network)
    return [(request.method, str(request.url), request.content) for request in network.requests]


def test_a_bareword_address_may_hold_every_sign_of_a_query_and_variables() -> None:
    script = "$v = 'echo'; $n = 'a'; irm https://$v.vault.azure.net/secrets/$($n)?api-version=7.4 -UseBasicParsing"
    assert sent(script) == [("GET", "https://echo.vault.azure.net/secrets/a?api-version=7.4", b"")]


def test_a_hashtable_body_is_a_form_when_posted_and_a_query_when_got() -> None:
    assert sent("irm https://echo.vault.azure.net/ -Method Post -Body @{a='x y'; b=1}")[0][2] == b"a=x+y&b=1"
    assert sent("irm https://echo.vault.azure.net/p?c=2 -Body @{a='x y'}")[0][1].endswith("/p?c=2&a=x+y")


def test_a_body_of_text_goes_out_with_its_content_type() -> None:
    network = Network()
    script = "irm https://echo.vault.azure.net/ -Method PUT -ContentType 'application/json' -Body (@{v=1} | ConvertTo-Json -Compress)"
    assert run(script, network=network).stdout == "\nv\n-\n1\n\n\n"
    assert network.requests[0].content == b'{"v":1}'
    assert network.requests[0].headers["content-type"] == "application/json"


def test_an_answer_that_is_not_json_is_text() -> None:
    assert output("irm https://echo.vault.azure.net/ -Method POST -Body 'plain words'") == "plain words"


def test_a_web_request_has_status_headers_and_content() -> None:
    script = f"$r = iwr {VAULT}/secrets/mi-test -Headers {AUTH} -UseBasicParsing; $r.StatusCode; $r.StatusDescription; $r.Headers['content-type']; ($r.Content | ConvertFrom-Json).value"
    assert output(script).split("\n") == ["200", "OK", "application/json", "My Secret"]


def test_a_redirect_is_followed() -> None:
    assert output(f"(irm {VAULT}/moved -Headers {AUTH}).value") == "My Secret"


def test_a_refusal_shows_what_the_server_said_and_where_the_script_asked() -> None:
    result = run("'before'\nInvoke-RestMethod -Uri https://mi-lab-vault.vault.azure.net/secrets/mi-test\n'after'")
    body = '{"error":{"code":"Unauthorized","message":"no token"}}'
    assert result.stdout == "before\nafter\n"
    assert result.stderr.split("\n") == [
        f"Invoke-RestMethod : {body}",
        "At line:2 char:1",
        "+ Invoke-RestMethod -Uri https://mi-lab-vault.vault.azure.net/secrets/m ...",
        "+ " + "~" * 69,
        "    + CategoryInfo          : InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) [Invoke-RestMethod], "
        "WebException",
        "    + FullyQualifiedErrorId : WebCmdletWebResponseException,"
        "Microsoft.PowerShell.Commands.InvokeRestMethodCommand",
        " ",
        "",
    ]


def test_a_refusal_without_a_body_shows_its_status() -> None:
    result = run(f"iwr {VAULT}/empty")
    assert "Invoke-WebRequest : The remote server returned an error: (503) Service Unavailable." in result.stderr
    assert "Microsoft.PowerShell.Commands.InvokeWebRequestCommand" in result.stderr


def test_a_caught_refusal_has_status_message_and_body() -> None:
    script = f"""try {{ irm {VAULT}/x -Headers {AUTH} }} catch {{
      [int]$_.Exception.Response.StatusCode; "$($_.Exception.Response.StatusCode)"; $_.Exception.Message
      $_.Exception.GetType().FullName; $_.ErrorDetails.Message
      (New-Object IO.StreamReader($_.Exception.Response.GetResponseStream())).ReadToEnd() }}"""
    lines = output(script).split("\n")
    assert lines[:4] == [
        "403",
        "Forbidden",
        "The remote server returned an error: (403) Forbidden.",
        "System.Net.WebException",
    ]
    assert json.loads(lines[4])["error"]["code"] == json.loads(lines[5])["error"]["code"] == "Forbidden"


FAILURES = {
    f"{VAULT}/x": ("ProtocolError", 7, "The remote server returned an error: (401) Unauthorized.", ""),
    "https://nowhere.vault.azure.net/": ("NameResolutionFailure", 1, "The remote name could not be resolved: 'nowhere.vault.azure.net'", ""),
    "http://10.0.0.9/": ("ConnectFailure", 2, "Unable to connect to the remote server", ""),
    "https://dropped.vault.azure.net/": ("ConnectionClosed", 8, "The underlying connection was closed: The connection was closed unexpectedly.", ""),
    "https://opened.vault.azure.net/": ("TrustFailure", 9, "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.", "The remote certificate is invalid according to the validation procedure."),
    "https://old.vault.azure.net/": ("SecureChannelFailure", 10, "The request was aborted: Could not create SSL/TLS secure channel.", ""),
    "https://slow.vault.azure.net/ -TimeoutSec 0.05": ("Timeout", 14, "The operation has timed out.", ""),
}  # fmt: skip


@pytest.mark.parametrize("address", FAILURES)
def test_a_failed_request_says_how_far_it_came_in_every_language_alike(address: str) -> None:
    name, number, message, inner = FAILURES[address]
    caught = '$e = $_.Exception; "$($e.Status)"; [int]$e.Status; $e.Message; "<$($e.InnerException.Message)>"'
    assert output(f"try {{ irm {address} }} catch {{ {caught} }}") == f"{name}\n{number}\n{message}\n<{inner}>"


def test_only_an_exception_of_the_web_has_a_status() -> None:
    script = "try { 1 / 0 } catch { \"<$($_.Exception.Status)>\" }; (New-Object Net.WebException 'x').Status"
    assert output(script) == "<>\nUnknownError"


def test_a_server_that_is_too_slow_times_out() -> None:
    result = run("irm https://slow.vault.azure.net/ -TimeoutSec 0.05")
    assert "The operation has timed out." in result.stderr


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("irm", "missing mandatory parameters: Uri"),
        ("irm 'ftp://x/'", "Invalid URI"),
        ("irm http://169.254.169.254/ -Method FETCH", "Cannot bind parameter 'Method'"),
        ("irm http://169.254.169.254/ -Headers 'a'", "Cannot bind parameter 'Headers'"),
        ("irm http://169.254.169.254/ -Nope 1", "matches parameter name 'Nope'"),
        ("irm http://169.254.169.254/ -OutFile c:\\x", "does not support the parameter '-OutFile'"),
        ("irm http://169.254.169.254/ -Body 'x'", "Cannot send a content-body with this verb-type."),
        ("irm http://169.254.169.254/ a b", "positional parameter cannot be found that accepts argument 'a'"),
        ('irm http://169.254.169.254/ -Headers @{a="b`nc: d"}', "invalid Control characters"),
    ],
)
def test_a_request_that_cannot_be_made_says_why(script: str, message: str) -> None:
    network = Network()
    assert message in run(script, network=network).stderr
    assert network.requests == []
