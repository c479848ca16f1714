"""The one tree of errors: what went wrong, said so that a person can act on it."""


class OblikError(Exception):
    """Something a person can be told. `code` is stable and finds the sentence in their language."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(OblikError):
    """A value cannot be used; the message names the field or cell, the value and the remedy."""

    code = "invalid_input"


class UnreadableFile(OblikError):
    """A file as a whole cannot be read as a list; it is kept as received all the same."""

    code = "unreadable_file"


class NotFound(OblikError):
    """A code or number names nothing."""

    code = "not_found"


class Conflict(OblikError):
    """The action contradicts what is already so (a code taken, a campaign frozen)."""

    code = "conflict"


class Forbidden(OblikError):
    """The actor may not do this."""

    code = "forbidden"
