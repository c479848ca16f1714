"""What every answer gets: whom it goes to, the language chosen, and the headers that keep foreign content out."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]

# No inline script or style, no other host. The map draws into blobs and runs its worker from our own file.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def policy(*, maps_from: str) -> str:
    """POLICY for a page whose map may also be drawn from the host of this address, which an administrator has set."""
    host = urlsplit(maps_from)
    source = f"{host.scheme}://{host.netloc}"
    return POLICY.replace("connect-src 'self'", f"connect-src 'self' {source}").replace("blob:", f"blob: {source}", 1)


# What a browser could lend to a page and ours never asks for.
LENT: Final = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer", "microphone",
    "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in LENT),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_SAID_BY_PROXIES: Final = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED", "HTTP_X_REAL_IP",
)  # fmt: skip


def real_address(get_response: Answer) -> Answer:
    """The address of the person, not of our own proxy; what anybody else says about addresses is thrown away.

    Only a proxy named in OBLIK_PROXIES is believed: whoever may write X-Forwarded-For escapes every limit by address,
    and whoever may write X-Forwarded-Proto makes plain HTTP look like TLS.
    """
    trusted = [ip_network(one, strict=False) for one in settings.OBLIK_PROXIES]

    def is_ours(address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in trusted)

    def answer(request: HttpRequest) -> HttpResponse:
        if is_ours(_address(request.META.get("REMOTE_ADDR", ""))):
            said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            # From the right: the last proxy of ours wrote the last address, everything before it may be invented.
            passed = (_address(text) for text in reversed(said))
            person = next((one for one in passed if not is_ours(one)), None)
            if person is not None:
                request.META["REMOTE_ADDR"] = str(person)
        else:
            for name in _SAID_BY_PROXIES:
                request.META.pop(name, None)
        return get_response(request)

    return answer


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None


def chosen_language(get_response: Answer) -> Answer:
    """The language of the cookie, else the product's own.

    Not the browser's: on office machines it says what the machine was bought with, not what its user reads.
    """
    known = {code for code, _ in settings.LANGUAGES}

    def answer(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def content_policy(get_response: Answer) -> Answer:
    """Says to the browser what a page may load, and to keep nothing of it.

    What may be kept says so itself: the built files, and tiles, which are asked for anew each time.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        kept = "private, no-cache" if "ETag" in response.headers else "no-store"
        response.headers.setdefault("Cache-Control", kept)
        return response

    return answer
