"""Where letters go, read from one address in the environment."""

from urllib.parse import unquote, urlsplit

_CONSOLE = "django.core.mail.backends.console.EmailBackend"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_settings(address: str) -> dict[str, object]:
    """Django's EMAIL_ settings from `smtp+tls://user:password@host:port`; "" writes letters to the server's output.

    smtp+tls begins in the clear and turns to TLS (port 587), smtps is TLS from the start (port 465). A scheme that is
    none of these raises ValueError, for a letter that silently goes nowhere helps nobody.
    """
    if not address:
        return {"EMAIL_BACKEND": _CONSOLE}
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            f"OBLIK_MAIL begins with smtp://, smtp+tls:// or smtps:// and names a host, not {parts.scheme}"
        )
    return {
        "EMAIL_BACKEND": _SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
    }
