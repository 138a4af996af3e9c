"""Pictures from hosts that are allowed: bounded, never redirected, and from no address inside.

A name is resolved once and the connection goes to the address that was looked at, so that a name which changes its mind
in between (DNS rebinding) leads nowhere. What comes back is drawn anew and small: whatever else the file held, such as
the place where a photo was taken, stays behind.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
import warnings
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from PIL import Image, ImageOps

from data_sources.base import ConnectorError, NotAllowed, Transient

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a phone's camera; decoded that is 120 MB
WIDTH, HEIGHT = 560, 560  # twice what a page draws, for dense screens
# The type is what the bytes say, not what the header claims.
FORMATS = ("JPEG", "PNG", "WEBP")
TIMEOUT_S = 10.0
LONGEST_S = 30.0  # all in all: a host that sends byte by byte must not hold the job
_CHUNK_BYTES = 65_536


class NoPicture(ConnectorError):
    """What came is too large, no picture, or of a kind that is not taken."""

    kind = "bad_payload"


class PictureClient:
    """Fetches pictures from ``hosts``, each ``name`` or ``name:port``.

    Parameters
    ----------
    allow_private : bool
        For tests against a server on loopback; no setting reaches it.
    """

    def __init__(self, hosts: Collection[str], timeout_s: float = TIMEOUT_S, *, allow_private: bool = False) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._timeout_s = timeout_s
        self._allow_private = allow_private

    def allows(self, url: str) -> bool:
        """Return whether the host of ``url`` is allowed; nothing is asked of the network."""
        parts = _parts(url)
        return parts is not None and _place(parts) in self._hosts

    def thumbnail(self, url: str) -> bytes:
        """Return a small WebP of the picture.

        Raises
        ------
        NotAllowed
            The host is not on the list, lies inside, or sends elsewhere.
        NoPicture
            It is too large, or no JPEG, PNG or WebP.
        Transient
            The host did not answer.
        """
        parts = _parts(url)
        if parts is None or _place(parts) not in self._hosts:
            raise NotAllowed("the host is not in MINWON_THUMBNAIL_HOSTS")
        try:
            return _small(self._body(parts))
        except (OSError, http.client.HTTPException) as error:
            raise Transient(f"{parts.hostname}: {type(error).__name__}") from None

    def _body(self, parts: SplitResult) -> bytes:
        ends = time.monotonic() + LONGEST_S
        connection = self._connection(parts)
        try:
            path = parts.path or "/"
            connection.request("GET", f"{path}?{parts.query}" if parts.query else path, headers={"Accept": "image/*"})
            answer = connection.getresponse()
            if answer.status != 200:
                kind = Transient if answer.status >= 500 or answer.status == 429 else NotAllowed
                raise kind(f"{parts.hostname}: HTTP {answer.status}")
            found = bytearray()
            while chunk := answer.read1(_CHUNK_BYTES):
                found += chunk
                if len(found) > MAX_BYTES:
                    raise NoPicture(f"{parts.hostname}: more than {MAX_BYTES // 1024 // 1024} MB")
                if time.monotonic() > ends:
                    raise Transient(f"{parts.hostname}: not done after {LONGEST_S:.0f} seconds")
            return bytes(found)
        finally:
            connection.close()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        host, port = str(parts.hostname), _port(parts)
        address = self._address(host, port)
        is_secure = parts.scheme == "https"
        connected = socket.create_connection((address, port), self._timeout_s)
        try:
            if is_secure:
                connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise
        connection = (http.client.HTTPSConnection if is_secure else http.client.HTTPConnection)(host, port)
        connection.sock = connected  # what is connected is not looked up again
        return connection

    def _address(self, host: str, port: int) -> str:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        # One address inside among others is how a name is made to pass: then none is taken.
        if not found or not (self._allow_private or all(_is_public(address) for address in found)):
            raise NotAllowed(f"{host} lies at no public address")
        return found[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)


def _parts(url: str) -> SplitResult | None:
    if any(ord(character) < 33 or ord(character) > 126 for character in url):
        return None
    try:
        parts = urlsplit(url)
        has_host = parts.scheme in ("http", "https") and bool(parts.hostname) and _port(parts) > 0
    except ValueError:
        return None
    return parts if has_host and parts.username is None and parts.password is None else None


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _place(parts: SplitResult) -> str:
    host = str(parts.hostname).lower()
    return host if parts.port is None else f"{host}:{parts.port}"


def _small(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise NoPicture(f"a picture of {picture.width} x {picture.height} pixels")
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, SyntaxError, ValueError) as error:
        raise NoPicture(f"no picture: {type(error).__name__}") from None
    except OSError:  # Pillow's word for a file it does not know, or one that is cut off
        raise NoPicture("no JPEG, PNG or WebP, or a damaged one") from None
    upright.thumbnail((WIDTH, HEIGHT))
    written = io.BytesIO()
    upright.save(written, "WEBP", quality=80)
    return written.getvalue()
