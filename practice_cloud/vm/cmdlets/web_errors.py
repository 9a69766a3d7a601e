"""What the web cmdlets say when no answer came, or one of 400 and beyond: .NET's ``WebException``, with its status.

The words are .NET Framework's on a Windows in English; the names of the statuses are the same on every one.
Source: https://learn.microsoft.com/dotnet/api/system.net.webexceptionstatus
"""

from __future__ import annotations

import ipaddress
import re

import httpx

from practice_cloud.vm.evaluator.invocation import Invocation
from practice_cloud.vm.signals import PSError
from practice_cloud.vm.unreached import NoSecureChannel, NotConnected, NotResolved, NotTrusted
from practice_cloud.vm.values import EnumValue, ErrorRecord, Hashtable, NetException, WebResponse

_TAGS = re.compile(r"<[^<>]*>")
_CLOSED = "The underlying connection was closed: "
_CERTIFICATE = NetException(
    "System.Security.Authentication.AuthenticationException",
    "The remote certificate is invalid according to the validation procedure.",
)


def web_error(
    call: Invocation,
    message: str,
    status: str = "",
    *,
    inner: NetException | None = None,
    response: WebResponse | None = None,
    details: str | None = None,
) -> PSError:
    exception = NetException("System.Net.WebException", message, inner, response, status)
    category = f"InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) [{call.name}], WebException"
    error_id = f"WebCmdletWebResponseException,{class_of(call)}"
    return PSError(ErrorRecord(exception, category, error_id, None, details, call.name, call.span))


def timed_out(call: Invocation) -> PSError:
    return web_error(call, "The operation has timed out.", "Timeout")


def unanswered(call: Invocation, host: str, failure: httpx.RequestError) -> PSError:
    """Of a request that got no answer: how far it came."""
    if isinstance(failure, NoSecureChannel):
        message = "The request was aborted: Could not create SSL/TLS secure channel."
        return web_error(call, message, "SecureChannelFailure")
    if isinstance(failure, NotTrusted):
        message = f"{_CLOSED}Could not establish trust relationship for the SSL/TLS secure channel."
        return web_error(call, message, "TrustFailure", inner=_CERTIFICATE)
    if not isinstance(failure, httpx.ConnectError):
        return web_error(call, f"{_CLOSED}The connection was closed unexpectedly.", "ConnectionClosed")
    if isinstance(failure, NotResolved) or not (isinstance(failure, NotConnected) or _is_address(host)):
        return web_error(call, f"The remote name could not be resolved: '{host}'", "NameResolutionFailure")
    return web_error(call, "Unable to connect to the remote server", "ConnectFailure")


def _is_address(host: str) -> bool:
    """An address has no name to resolve: what is not there is just not connected to."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def refused(call: Invocation, response: httpx.Response, *, headers: Hashtable, body: str, url: str) -> PSError:
    """A status of 400 and beyond. The body, without its tags, is the error's details and what is shown."""
    status, reason = response.status_code, response.reason_phrase
    code = EnumValue("System.Net.HttpStatusCode", re.sub(r"\W", "", reason) or str(status), status)
    answer = WebResponse(code, reason, headers, body, url)
    message = f"The remote server returned an error: ({status}) {reason}."
    details = _TAGS.sub("", body).strip() or None
    return web_error(call, message, "ProtocolError", response=answer, details=details)


def violation(call: Invocation) -> PSError:
    """A body where the verb has none."""
    exception = NetException("System.Net.ProtocolViolationException", "Cannot send a content-body with this verb-type.")
    category = f"NotSpecified: (:) [{call.name}], ProtocolViolationException"
    error_id = f"System.Net.ProtocolViolationException,{class_of(call)}"
    return PSError(ErrorRecord(exception, category, error_id, command=call.name, span=call.span))


def class_of(call: Invocation) -> str:
    return f"Microsoft.PowerShell.Commands.{call.name.replace('-', '')}Command"
