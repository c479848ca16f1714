"""Which files may be kept with a camera, and which of them are photos."""

from typing import Final, Literal

from oblik.base.errors import InvalidInput, msg

AttachmentKind = Literal["photo", "document"]
ATTACHMENT_KINDS: Final = ("photo", "document")
# Media types by the end of the name: what is downloaded is never guessed at by a browser.
PHOTOS: Final = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
DOCUMENTS: Final = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain",
    "p7s": "application/pkcs7-signature",  # signed apart from what is signed
    "asice": "application/vnd.etsi.asic-e+zip",  # what the state's own signing service gives
}
_BEGINNINGS: Final = {
    "pdf": (b"%PDF-",),
    **dict.fromkeys(("docx", "xlsx", "odt", "ods", "asice"), (b"PK\x03\x04",)),
    **dict.fromkeys(("doc", "xls"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
}


def kind_of(file_name: str, *, head: bytes) -> AttachmentKind:
    """Whether a file is a photo or a document, by its name; InvalidInput for anything else.

    head: its first bytes, at least 8 where it has them. A document that begins unlike what its name says is refused;
    of a photo the picture itself is opened, see `photos`.
    """
    end = ending(file_name)
    if end in PHOTOS:
        return "photo"
    if end not in DOCUMENTS:
        raise InvalidInput(
            msg("“{value}” is no file that can be kept here; keep one of {choices}."),
            value=file_name, choices=", ".join([*PHOTOS, *DOCUMENTS]),
        )  # fmt: skip
    if not head.startswith(_BEGINNINGS.get(end, (b"",))):
        raise InvalidInput(
            msg("“{value}” is not what the end of its name says; open it, save it anew and try again."), value=file_name
        )
    return "document"


def media_type(file_name: str) -> str:
    """What a browser is told the file is; bytes without a meaning for a name that nobody knows."""
    end = ending(file_name)
    return PHOTOS.get(end) or DOCUMENTS.get(end, "application/octet-stream")


def ending(file_name: str) -> str:
    """The end of a name behind its last point, in small letters; "" where there is none."""
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""
