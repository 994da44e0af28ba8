"""How this machine reaches others: through which proxy, and whose certificates it believes.

httpx reads the same variables, but raises from its depths for what it cannot use and prints parts of passwords. Here
they are read once, and what cannot be used is one line that names the variable and never its value.
"""

import ipaddress
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import certifi
import httpx

PROXY_VARIABLES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
USUAL_VARIABLES: Final = (*PROXY_VARIABLES, "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What programs on a system agree on; each is read in lower case, too, which wins."""

_SCHEMES: Final[Mapping[str, str]] = {
    "http": "http",
    "https": "https",
    "socks": "socks5",
    "socks5": "socks5",
    "socks5h": "socks5h",
}


class NetworkError(ValueError):
    """A variable cannot be used; the message names it and holds nothing of its value."""


def proxy_address(value: str, variable: str = "PROXY_URL") -> str:
    """Read the address of a proxy.

    Args:
        value: ``scheme://[user:password@]host[:port]``, with or without the scheme.
        variable: where it comes from, for the message.

    Returns:
        The address in the form that httpx takes.

    Raises:
        NetworkError: it cannot be used.
    """
    value = value.strip()
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "http", value
    known = _SCHEMES.get(scheme.lower())
    if known is None:
        raise NetworkError(f"{variable}: a proxy's address starts with http://, https:// or socks5://")
    try:
        parts = urlsplit(f"{known}://{rest}")
        sound = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/") and not parts.query
        sound = sound and not parts.fragment and not any(character.isspace() for character in rest)
        httpx.URL(f"{known}://{rest}")
    except (ValueError, httpx.InvalidURL):
        sound = False
    if not sound:
        raise NetworkError(
            f"{variable} is no address of a proxy: scheme://user:password@host:port "
            "(write # / ? @ : % in a password as %23 %2F %3F %40 %3A %25)"
        )
    return f"{known}://{rest.rstrip('/')}"


def proxy_for(address: str, proxy_url: str | None = None) -> str | None:
    """Which proxy leads to an address: ``PROXY_URL``, else the system's.

    Args:
        address: ``https://host[:port]/...``.
        proxy_url: ``PROXY_URL``, which counts for every address but this machine's own.

    Returns:
        Its address, or None for the direct way.

    Raises:
        NetworkError: a variable that counts here cannot be used.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_this_machine(host):
        return None
    if proxy_url is not None:
        return proxy_address(proxy_url)
    if _is_exempt(host, parts.port, _variable("NO_PROXY") or ""):
        return None
    for name in (f"{parts.scheme.upper()}_PROXY", "ALL_PROXY"):
        if value := _variable(name):
            return proxy_address(value, name)
    return None


def passwords(proxy_url: str | None = None) -> tuple[str, ...]:
    """The passwords of every proxy that is set, as written and decoded: what may stand in no output."""
    found: list[str] = []
    for value in (proxy_url, *map(_variable, PROXY_VARIABLES)):
        account = (value or "").partition("://")[2].rpartition("@")[0] or (value or "").rpartition("@")[0]
        if password := account.partition(":")[2]:
            found += [password, unquote(password)]
    return tuple(dict.fromkeys(found))


def certificates() -> ssl.SSLContext:
    """Whose certificates are believed: ``SSL_CERT_FILE`` or ``SSL_CERT_DIR``, else those of Mozilla.

    Raises:
        NetworkError: what a variable names is not there, or holds no certificate.
    """
    if file := _variable("SSL_CERT_FILE"):
        try:
            return ssl.create_default_context(cafile=file)
        except (OSError, ValueError):
            raise NetworkError("SSL_CERT_FILE names no file with certificates that can be read") from None
    if folder := _variable("SSL_CERT_DIR"):
        if not Path(folder).is_dir():
            raise NetworkError("SSL_CERT_DIR names no folder")
        return ssl.create_default_context(capath=folder)
    return ssl.create_default_context(cafile=certifi.where())


def new_client(timeout: httpx.Timeout, headers: Mapping[str, str], proxy_url: str | None = None) -> httpx.Client:
    """A client that takes the right way to each address; close it, or use it as a context manager.

    Args:
        timeout: for each request.
        headers: of each request.
        proxy_url: as for :func:`proxy_for`.

    Raises:
        NetworkError: a variable cannot be used.
    """
    trusted = certificates()
    for scheme in ("https", "http"):
        proxy_for(f"{scheme}://elsewhere.invalid/", proxy_url)
    return httpx.Client(
        timeout=timeout,
        headers=headers,
        follow_redirects=True,
        transport=_RightWay(trusted, proxy_url),
        trust_env=False,
    )


class _RightWay(httpx.BaseTransport):
    """Sends each request through the proxy that leads to its address, or directly."""

    def __init__(self, trusted: ssl.SSLContext, proxy_url: str | None) -> None:
        self._trusted = trusted
        self._proxy_url = proxy_url
        self._ways: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; see the base class."""
        proxy = proxy_for(str(request.url), self._proxy_url)
        if proxy not in self._ways:
            self._ways[proxy] = httpx.HTTPTransport(verify=self._trusted, proxy=proxy, trust_env=False)
        return self._ways[proxy].handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        for way in self._ways.values():
            way.close()


def is_this_machine(host: str) -> bool:
    """Whether a host is the loopback interface, to which no proxy leads."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _variable(name: str) -> str | None:
    return os.environ.get(name.lower(), os.environ.get(name, "")).strip() or None


def _is_exempt(host: str, port: int | None, no_proxy: str) -> bool:
    """Whether ``NO_PROXY`` names a host: by name or domain, with a port, by address or network, or all by ``*``."""
    return any(_names(entry.strip(), host.lower().rstrip("."), port) for entry in no_proxy.split(","))


def _names(entry: str, host: str, port: int | None) -> bool:
    if entry in ("", "*"):
        return entry == "*"
    entry = entry.partition("://")[2] or entry
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # one of the two is a name, or has a port
    name, _, named_port = entry.rpartition(":") if entry.rpartition(":")[2].isdigit() else (entry, "", "")
    name = name.strip("[]").lower().removeprefix("*").strip(".")
    return (host == name or host.endswith(f".{name}")) and named_port in ("", str(port))
