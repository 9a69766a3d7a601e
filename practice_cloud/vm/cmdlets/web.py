"""Invoke-RestMethod and Invoke-WebRequest, as Windows PowerShell 5.1 has them."""

from __future__ import annotations

import asyncio
from urllib.parse import quote_plus, urljoin

import httpx

from practice_cloud.vm.cmdlets.json_read import JsonProblem, parse_json
from practice_cloud.vm.cmdlets.web_errors import refused, timed_out, unanswered, violation, web_error
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.evaluator.invocation import Invocation, Param, binding_failed, cmdlet
from practice_cloud.vm.evaluator.runtime import Send
from practice_cloud.vm.machine import Outside
from practice_cloud.vm.signals import PSError, unsupported
from practice_cloud.vm.values import Hashtable, Props, PSObject, Value
from practice_cloud.vm.words import words

_PARAMS = (
    Param("Uri", position=0, mandatory=True),
    Param("Method"),
    Param("Headers"),
    Param("Body"),
    Param("ContentType"),
    Param("UserAgent"),
    Param("TimeoutSec"),
    Param("MaximumRedirection"),
    Param("UseBasicParsing", switch=True),
    Param("DisableKeepAlive", switch=True),
)
_FOREIGN = (
    "Credential", "UseDefaultCredentials", "CertificateThumbprint", "Certificate", "Proxy", "ProxyCredential",
    "ProxyUseDefaultCredentials", "InFile", "OutFile", "PassThru", "SessionVariable", "WebSession", "TransferEncoding",
)  # fmt: skip
_METHODS = frozenset(words("GET HEAD POST PUT DELETE TRACE OPTIONS MERGE PATCH"))
_USER_AGENT = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.1"
_DEFAULT_SECONDS = 100.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_BODY = 1 << 20


@cmdlet("Invoke-RestMethod", *_PARAMS, foreign=_FOREIGN)
async def invoke_rest_method(call: Invocation) -> None:
    response = await _exchange(call)
    body = _body_text(response)
    kind = response.headers.get("content-type", "").lower()
    if "xml" in kind:
        raise unsupported("XML answers; use Invoke-WebRequest and its Content", command=call.name)
    try:
        value = parse_json(body, call.runtime.budget) if body.strip() else None
    except JsonProblem:
        value = body
    if value is not None:
        call.write(value)  # an array of JSON stays one object here, as in Windows PowerShell


@cmdlet("Invoke-WebRequest", *_PARAMS, foreign=_FOREIGN)
async def invoke_web_request(call: Invocation) -> None:
    response = await _exchange(call)
    body = _body_text(response)
    headers = Hashtable((_header_name(name), value) for name, value in response.headers.items())
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    raw = f"HTTP/1.1 {response.status_code} {response.reason_phrase}\r\n{head}\r\n{body}"
    call.runtime.budget.text(len(raw))
    pairs = [
        ("StatusCode", response.status_code),
        ("StatusDescription", response.reason_phrase),
        ("Content", body),
        ("RawContent", raw),
        ("Headers", headers),
        ("RawContentLength", len(response.content)),
    ]
    call.write(PSObject(Props(pairs), "Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject"))


def _header_name(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


async def _exchange(call: Invocation) -> httpx.Response:
    """The last answer of the exchange; PowerShell's error for a failure or a status of 400 and beyond."""
    request = _request(call)
    left = call.count("MaximumRedirection", 5)
    while True:
        response = await _send(call, request)
        if response.status_code not in _REDIRECTS or not left or "location" not in response.headers:
            break
        left -= 1
        request = _redirected(call, request, response)
    if response.status_code >= 300:
        raise _status_error(call, response, str(request.url))
    return response


async def _send(call: Invocation, request: httpx.Request) -> httpx.Response:
    runtime = call.runtime
    runtime.budget.http_call()
    seconds = call.number("TimeoutSec", _DEFAULT_SECONDS) or _DEFAULT_SECONDS
    patience = max(0.001, min(seconds, runtime.budget.remaining()))
    try:
        response: httpx.Response = await Outside(
            lambda: asyncio.wait_for(_read(runtime.send, request), patience), (httpx.RequestError, TimeoutError)
        )
        return response
    except (httpx.TimeoutException, TimeoutError):
        runtime.budget.remaining()
        raise timed_out(call) from None
    except httpx.RequestError as failure:
        raise unanswered(call, request.url.host, failure) from None


async def _read(send: Send, request: httpx.Request) -> httpx.Response:
    response = await send(request)
    await response.aread()
    return response


def _request(call: Invocation) -> httpx.Request:
    method = call.text("Method", "GET").upper()
    method = "GET" if method == "DEFAULT" else method
    if method not in _METHODS:
        raise binding_failed(
            call.name,
            f"Cannot bind parameter 'Method'. Cannot convert value \"{call.text('Method')[:60]}\" to type "
            '"Microsoft.PowerShell.Commands.WebRequestMethod".',
            "CannotConvertArgumentNoMessage",
        )
    headers = _headers(call)
    url = _url(call)
    content: str | bytes | None = None
    body = call.get("Body")
    if isinstance(body, Hashtable):
        pairs = _form(body)
        if method == "GET":
            url = _parsed_url(call, f"{url}{'&' if url.query else '?'}{pairs}")
        else:
            content = pairs
    elif body is not None:
        content = body if isinstance(body, bytes) else to_text(body)
    if content is not None and method == "GET":
        raise violation(call)
    if content is not None or method == "POST":
        headers.setdefault("Content-Type", call.text("ContentType") or "application/x-www-form-urlencoded")
        content = content or ""
    return httpx.Request(method, url, headers=headers, content=_encoded(content))


def _encoded(content: str | bytes | None) -> bytes | None:
    """A string body goes out as Latin-1 in Windows PowerShell 5.1; what that cannot say becomes a question mark."""
    return content.encode("latin-1", "replace") if isinstance(content, str) else content


def _form(body: Hashtable) -> str:
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in body.items())


def _quoted(value: Value) -> str:
    return quote_plus(to_text(value), errors="replace")


def _headers(call: Invocation) -> dict[str, str]:
    given = call.get("Headers")
    if given is not None and not isinstance(given, Hashtable):
        raise binding_failed(
            call.name,
            f"Cannot bind parameter 'Headers'. Cannot convert the \"{to_text(given)[:60]}\" value of type "
            '"System.String" to type "System.Collections.IDictionary".',
            "CannotConvertArgumentNoMessage",
        )
    headers = {"User-Agent": call.text("UserAgent", _USER_AGENT)}
    for key, value in given.items() if given else []:
        headers[_header_part(call, to_text(key))] = _header_part(call, to_text(value))
    if call.has("ContentType"):
        headers["Content-Type"] = _header_part(call, call.text("ContentType"))
    return headers


def _header_part(call: Invocation, text: str) -> str:
    if not text.isascii() or any(char < " " or char == "\x7f" for char in text):
        raise web_error(call, "Specified value has invalid Control characters.\r\nParameter name: value")
    return text


def _url(call: Invocation) -> httpx.URL:
    text = call.text("Uri").strip()
    return _parsed_url(call, text if "://" in text else f"http://{text}")


def _parsed_url(call: Invocation, text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise binding_failed(
            call.name,
            "Cannot bind parameter 'Uri'. Invalid URI: The hostname could not be parsed.",
            "CannotConvertArgumentNoMessage",
        )
    return url


def _redirected(call: Invocation, request: httpx.Request, response: httpx.Response) -> httpx.Request:
    """The next request; a credential is not carried to another host."""
    try:
        target = _parsed_url(call, urljoin(str(request.url), response.headers["location"]))
    except ValueError:
        raise web_error(call, "The redirect's address cannot be read.") from None
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in ("host", "content-length", "content-type")
        and (name != "authorization" or target.host == request.url.host)
    }
    method = request.method if request.method in ("GET", "HEAD") else "GET"
    return httpx.Request(method, target, headers=headers)


def _body_text(response: httpx.Response) -> str:
    if len(response.content) > _MAX_BODY:
        raise unsupported("answers of more than 1 MB")
    charset = response.charset_encoding
    kind = response.headers.get("content-type", "").lower()
    codec = charset or ("utf-8" if "json" in kind else "latin-1")
    try:
        return response.content.decode(codec, "replace")
    except LookupError:
        return response.content.decode("utf-8", "replace")


def _status_error(call: Invocation, response: httpx.Response, url: str) -> PSError:
    headers = Hashtable((_header_name(name), value) for name, value in response.headers.items())
    return refused(call, response, headers=headers, body=_body_text(response), url=url)
