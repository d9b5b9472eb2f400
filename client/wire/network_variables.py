"""The variables of the environment that decide how HTTP goes out, and what is wrong with them.

The library underneath reads them by itself and, where one cannot be used, complains about the
address that was asked. Whoever set the variable, often somebody else long ago, has to hear its
name. A proxy's value is never quoted: it may hold a password.
"""

import os
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from client.errors import BadVariableError

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""In the order in which requests looks at them; SSL_CERT_FILE it does not read."""
_PROXY_SCHEMES = {"http", "https"}


def proxy_variable(url: str) -> str | None:
    """Return the variable that names the proxy for a URL, as it is spelled; None without one.

    As in the standard library's `getproxies`: either case, and the lower one wins.
    """
    for name in (f"{urlsplit(url).scheme}_proxy", "all_proxy"):
        spelled = [one for one in os.environ if one.lower() == name]
        found = name if name in spelled else next(iter(spelled), None)
        if found and os.environ[found]:
            return found
    return None


def check_proxy(url: str) -> None:
    """Fail if the variable for a URL's proxy names no usable proxy.

    Raises:
        BadVariableError: the proxy for this URL is a SOCKS proxy, or no address.
    """
    variable = proxy_variable(url)
    if variable is None:
        return
    try:
        proxy = parse_url(os.environ[variable])
    except LocationParseError as error:
        raise _bad(variable, "is no address of a proxy") from error
    scheme = (proxy.scheme or "http").lower()
    if scheme.startswith("socks"):
        raise _bad(variable, "names a SOCKS proxy, and only http proxies can be used")
    if scheme not in _PROXY_SCHEMES or not proxy.host:
        raise _bad(variable, "is no address of a proxy, such as http://proxy.example.com:8080")


def check_certificates() -> None:
    """Fail if the variable for CA certificates names no usable file.

    Raises:
        BadVariableError: the variable names a file that is not there or has no certificate.
    """
    variable = next((one for one in _BUNDLES if os.environ.get(one)), None)
    if variable is None or Path(os.environ[variable]).is_dir():
        return
    path = os.environ[variable]
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise _bad(variable, f"names {path}, which holds no certificate") from error
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise _bad(variable, f"names {path}, which cannot be read: {reason}") from error


def unread_certificates() -> str:
    """Return a hint where only SSL_CERT_FILE is set, which other programs read; else nothing."""
    if os.environ.get("SSL_CERT_FILE") and not any(map(os.environ.get, _BUNDLES)):
        return "; SSL_CERT_FILE is not read here, REQUESTS_CA_BUNDLE is"
    return ""


def _bad(variable: str, what: str) -> BadVariableError:
    return BadVariableError(f"The variable {variable} {what}.", name=variable)
