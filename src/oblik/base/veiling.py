"""Words without their secrets: passwords, log-ins and addresses of streams, wherever people write them."""

import re
from typing import Final

HIDDEN: Final = "•••"
MARKED: Final = "•sealed•"  # at the beginning of what is sealed already

_STREAMS: Final = r"(?:rtsp|rtsps|rtspu|rtspt|rtmp|rtmps|rtp|srt|mms|mmsh|udp|dvrip|onvif|hikvision|dahua)"
_PASSWORD: Final = (
    r"(?<!\w)(?:парол[а-яіїєґ]*|пасворд|пассворд|пасс|пас(?=\s*[:=])|psw|pswd|pwd|passwd|passw|passphrase|password[s]?|"
    r"pass(?=\s*[:=/\\-])|passwort|kennwort|parol[a-z]?|contraseña|contrasena|wachtwoord|mot de passe|"
    r"секретн\w+ слов\w+|кодов\w+ слов\w+|пін[- ]?код|пин[- ]?код|pin[- ]?code)(?!\w|\s{0,9}=\s{0,9}•••)"
)
_STREAM: Final = re.compile(_STREAMS + r"://?[^\s\"'<>;,|)\]}]*", re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_HOST: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[\w.-]+(?::\d+)?/|[\w-]+:\d")
_PARAMETER: Final = re.compile(
    r"((?:user(?:name)?|usr|login\w{0,20}|account|pass(?:word)?|passwd|pwd|psw|token|api_?key|key|auth|secret)\s{0,9}=)"
    r"(?!•••)(?:[^&#\s;_]|_(?!channel))+",
    re.IGNORECASE,
)
_SAID_PASSWORD: Final = re.compile(_PASSWORD, re.IGNORECASE)
_SAID_LOGIN: Final = re.compile(
    r"((?<!\w)(?:логін|логин|login|logon|username|user name|user|користувач|пользователь)\s{0,9}[:=–—-]{1,9}\s{0,9})"
    r"(?!•••)([^\s,;]+)",
    re.IGNORECASE,
)
_LOGIN_BEFORE: Final = re.compile(
    r"((?<!\w)(?:логін|логин|login|logon|username|user)\s{1,9})(?!•••|[:=–—/-]|та\b|і\b|и\b|and\b)([^\s,;:/]+)",
    re.IGNORECASE,
)
_SEPARATORS: Final = " \t:=–—-/\\,.()[]«»\"'"
_SAID_IN_HEADER: Final = re.compile(_PASSWORD + r"\s*[:=]\s*\S", re.IGNORECASE)


def veiled(text: str, *, keep_address: bool = False) -> str:
    """The text without its secrets; the text itself where it has none. Veiling twice changes nothing more.

    Passwords go with all that follows on their line (nobody knows where one ends), log-ins that are named as such,
    user names and passwords in addresses, and stream addresses altogether, unless keep_address.
    """
    if MARKED in text:
        return HIDDEN
    lines = text.split("\n")
    out, awaited = [], False
    for line in lines:
        if awaited and line.strip(_SEPARATORS):
            out.append(HIDDEN)
            awaited = False
            continue
        bare = _line_veiled(line, keep_address=keep_address)
        said = _SAID_PASSWORD.search(bare)
        awaited = bool(said and len(lines) > 1 and not bare[said.end() :].strip(_SEPARATORS))
        out.append(bare)
    return "\n".join(out)


def _line_veiled(line: str, *, keep_address: bool) -> str:
    bare = _without_credentials(line)
    if not keep_address:
        bare = _STREAM.sub(lambda found: _scheme(found[0]) + HIDDEN, bare)
    said = _SAID_PASSWORD.search(bare)
    if said is None:
        return _SAID_LOGIN.sub(r"\1" + HIDDEN, bare)
    before, after = bare[: said.start()], bare[said.end() :]
    before = _LOGIN_BEFORE.sub(r"\1" + HIDDEN, _SAID_LOGIN.sub(r"\1" + HIDDEN, before))
    if any(sign.isalnum() for sign in after):
        return f"{before}{said[0]}: {HIDDEN}"
    if any(sign.isdigit() for sign in before):  # "Qwerty123 - password"
        return f"{HIDDEN} {said[0]}{after}"
    return before + bare[said.start() :]


def _scheme(address: str) -> str:
    return address.partition(":")[0] + "://"


def _without_credentials(line: str) -> str:
    bare = _WORD.sub(lambda word: _address_bare(word[0]), line) if "@" in line else line
    return _PARAMETER.sub(r"\1" + HIDDEN, bare) if "=" in bare and ("?" in bare or "&" in bare) else bare


def _address_bare(word: str) -> str:
    """A word without what stands before the host: a password may itself hold "/", "?" or "@"."""
    host = word.rfind("@")
    if not 0 <= host < len(word) - 1:
        return word
    begin = word.find("//", 0, host)
    if begin >= 0:
        user = word[begin + 2 : host]
        return (
            word
            if ":" not in user and any(sign in user for sign in "/?#")
            else word[: begin + 2] + HIDDEN + word[host:]
        )
    if ":" in word[:host] and _HOST.match(word, host + 1):
        return f"{HIDDEN}:{HIDDEN}{word[host:]}"
    return word


def secrets_in(text: str) -> dict[str, str]:
    """What a cell of words tells of a device: stream_url, device_login, device_password, each at most once."""
    told: dict[str, str] = {}
    if address := _STREAM.search(text):
        told["stream_url"] = address[0]
    if login := (_SAID_LOGIN.search(text) or (_LOGIN_BEFORE.search(text) if _SAID_PASSWORD.search(text) else None)):
        told["device_login"] = login[2]
    if said := _SAID_PASSWORD.search(text):
        after = text[said.end() :].strip(_SEPARATORS + "\n")
        if after:
            told["device_password"] = after.splitlines()[0].strip()
    return told


def heading_veiled(text: str) -> str:
    """A column's name, in which "password" alone is no secret: only what it is said to be."""
    return veiled(text) if _SAID_IN_HEADER.search(text) or _STREAM.search(text) or "@" in text else text
