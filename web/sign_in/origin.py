"""Which addresses are this app's own, and which requests come from its own pages.

A browser sends `Host` and `Origin` truthfully, but two things mislead whoever reads them loosely:
cookies ignore ports, so a page of any other port of this host comes with our session cookie; and a
name of a stranger's may resolve to this machine (DNS rebinding), so `Host` is checked, too.
"""

import ipaddress
import re
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from settings import ANY_ADDRESS, Settings

_OWN_FETCHES = {"same-origin", "none"}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5})?)?", re.I)


class Origin(NamedTuple):
    """Scheme, host and port, spelled so that equal origins compare equal (RFC 6454 section 4)."""

    scheme: str
    host: str
    port: int


class HostProblem(Enum):
    """What is wrong with the `Host` of a request."""

    MALFORMED = 400  # RFC 9112 section 3.2: missing in HTTP/1.1, twice, or no host
    FOREIGN = 421  # RFC 9110 section 15.5.20: not for this server


class OwnAddresses:
    """The addresses the app answers at.

    They are the one of `TFW_PUBLIC_URL`, which a proxy passes on in `Host`; and, with the port that
    a request came in at, `TFW_HOST`, `localhost` and every IP address. Nobody can have one of those
    resolve to another machine, so it is enough that the port is ours.
    """

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url)
        self._public = _origin(public.scheme, public.netloc)
        self._names = {"localhost"} | {settings.host.lower()} - ANY_ADDRESS

    def host_problem(self, scope: Scope) -> HostProblem | None:
        """Return what is wrong with the `Host` of a request, None when it is one of ours."""
        hosts = Headers(scope=scope).getlist("host")
        if not hosts and scope["http_version"] == "1.0":
            return None
        address = _own_scheme(scope, hosts[0]) if len(hosts) == 1 else None
        if address is None:
            return HostProblem.MALFORMED
        if self._is_public(hosts[0]) or self._is_local(scope, address):
            return None
        return HostProblem.FOREIGN

    def is_own_request(self, scope: Scope) -> bool:
        """Return whether a request comes from our own pages, or from no browser at all.

        Browsers send `Origin` with every websocket and with everything but plain reads, and
        `Sec-Fetch-Site` with everything. The request's `Host` must have been found to be ours.
        """
        headers = Headers(scope=scope)
        origins = headers.getlist("origin")
        if not origins:
            return headers.get("sec-fetch-site", "none") in _OWN_FETCHES
        scheme, separator, authority = origins[0].partition("://")
        origin = _origin(scheme, authority) if separator and len(origins) == 1 else None
        if origin is None:
            return False
        host = headers.get("host", "")
        # A proxy may have taken the TLS off, so the scheme of the public URL is the settings' word.
        if origin == self._public or self._is_public(host):
            return origin == self._public
        return origin == _own_scheme(scope, host)

    def _is_public(self, host: str) -> bool:
        return self._public is not None and _origin(self._public.scheme, host) == self._public

    def _is_local(self, scope: Scope, address: Origin) -> bool:
        server: tuple[str, Any] | None = scope.get("server")
        if server is None or address.port != server[1]:
            return False
        return address.host in self._names or _is_ip_address(address.host)


def _own_scheme(scope: Scope, host: str) -> Origin | None:
    return _origin(_SCHEMES[scope["scheme"]], host)


def _origin(scheme: str, authority: str) -> Origin | None:
    try:
        found = _AUTHORITY.fullmatch(authority.encode("idna").decode())
    except UnicodeError:
        return None
    default = _DEFAULT_PORTS.get(scheme.lower())
    if not found or default is None:
        return None
    host = found["host"].lower().strip("[]")
    if _is_ip_address(host):  # which may be spelled in several ways
        host = str(ipaddress.ip_address(host))
    port = int(found["port"]) if found["port"] else default
    return Origin(scheme.lower(), host, port)


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
