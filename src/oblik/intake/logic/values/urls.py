"""Stream addresses without the secrets that people leave in them."""

import re
from typing import Final

from oblik.base.veiling import HIDDEN
from oblik.intake.logic.values.texts import plain, words

LONGEST_URL: Final = 1000

# A password may itself hold "/", "?" or "@": everything up to the last "@" before a host goes.
_USER_INFO: Final = re.compile(
    r"^([a-z][a-z0-9+.-]*:)?(//)(?:\S*:\S*@(?=\[|[\w-]+(?:\.[\w-]+)+|[\w-]+:\d)|[^/?#\s]*@(?=\S))", re.IGNORECASE
)
_BARE_USER_INFO: Final = re.compile(r"^[^/?#\s:@]+:\S*@(?=\S)")
_SECRET_PARAMETER: Final = re.compile(
    r"((?:user(?:name)?|usr|login|account|pass(?:word)?|passwd|pwd|psw|loginpas|loginuse|token|key|auth|secret)\s*=)"
    r"(?:[^&#\s;_]|_(?!channel))+",
    re.IGNORECASE,
)


def stream_url(text: str) -> tuple[str | None, str | None]:
    """The address with user name, password and token taken out, which is noted as "secret_removed"."""
    if len(text) > LONGEST_URL:
        return None, "cell_too_long"
    text = plain(text).replace(" ", "%20")
    if not text:
        return None, None
    bare = text
    while (stripped := _BARE_USER_INFO.sub("", _USER_INFO.sub(r"\1\2", bare))) != bare:
        bare = stripped
    bare = _SECRET_PARAMETER.sub(r"\1", bare)
    return bare or None, ("secret_removed" if bare != text else None)


_URL_SECRET: Final = re.compile(
    r"([a-z][a-z0-9+.-]*://)[^/?#\s@]*:?\S*@(?=\[|[\w-]+(?:\.[\w-]+)+|[\w-]+:\d)", re.IGNORECASE
)
_SAID_SECRET: Final = re.compile(
    r"((?<!\w)(?:пароль|парол|password|passwd|pass|pwd|psw|passwort|contraseña|wachtwoord|mot de "
    r"passe)\s*[:=]\s*)(?!•••)\S+",
    re.IGNORECASE,
)
_MAYBE: Final = re.compile(r"[:=]")


def without_secrets(text: str) -> tuple[str, bool]:
    """A text for people with passwords hidden, and whether there were any: in addresses and after "пароль:"."""
    if not _MAYBE.search(text):
        return text, False
    hidden = _SAID_SECRET.sub(r"\1" + HIDDEN, _URL_SECRET.sub(r"\1", text))
    return hidden, hidden != text


def free_text(text: str) -> tuple[str | None, str | None]:
    """A text for people as `words` gives it, with passwords hidden and noted as "secret_removed"."""
    clean, code = words(text)
    if clean is None or not (_MAYBE.search(clean) or HIDDEN in clean):
        return clean, code
    hidden, changed = without_secrets(clean)
    return hidden, ("secret_removed" if changed or HIDDEN in clean else code)
