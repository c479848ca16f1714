"""Letters to people: invitations, and the question whether an address is theirs."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

_log = logging.getLogger(__name__)


def address_of(view: str, *args: str, request: HttpRequest | None = None) -> str:
    """A page's full address: by OBLIK_ADDRESS, else as the browser that asks calls us."""
    path = reverse(view, args=args)
    if settings.OBLIK_ADDRESS or request is None:
        return (settings.OBLIK_ADDRESS or "http://127.0.0.1:8000").rstrip("/") + path
    return request.build_absolute_uri(path)


def goes_out() -> bool:
    """Whether letters reach people: without OBLIK_MAIL they end in the server's own output, and prove no address."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def send_invitation(to: str, *, link: str, name: str, until: datetime) -> bool:
    """Whether the letter was handed to a mail server."""
    return _send(to, letter="invitation", about={"link": link, "name": name, "until": until})


def send_confirmation(to: str, *, link: str, name: str) -> bool:
    """Whether the letter was handed to a mail server."""
    return _send(to, letter="address", about={"link": link, "name": name})


def written(letter: str, about: dict[str, object]) -> tuple[str, str]:
    """Subject and text of a letter of ours in the active language."""
    subject, _line, body = render_to_string(f"letters/{letter}.txt", about).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def send_letter(to: str, subject: str, text: str) -> str:
    """What became of a letter that a person wrote: "sent", "shown" in the server's own output, or "failed"."""
    return ("sent" if goes_out() else "shown") if _handed_over(to, subject, text) else "failed"


def _send(to: str, *, letter: str, about: dict[str, object]) -> bool:
    subject, text = written(letter, about)
    return _handed_over(to, subject, text) and goes_out()


def _handed_over(to: str, subject: str, text: str) -> bool:
    try:
        sent = send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
    except (SMTPException, OSError) as wrong:
        _log.warning("a letter could not be sent: %s", type(wrong).__name__)
        return False
    return bool(sent)
