"""The one tree of errors: what went wrong, said so that a person can act on it."""

from oblik.base.veiling import veiled


def msg(text: str) -> str:
    """The text itself; marks it for translation where Django may not be imported."""
    return text


class OblikError(Exception):
    """Something a person can be told.

    template: an English sentence marked with `msg()`, with {names} filled from params; the page translates the template
    first and fills it afterwards. code is stable: tests and programs look at it, never at the sentence.
    """

    code = "error"

    def __init__(self, template: str, *, code: str | None = None, **params: object) -> None:
        self.template = template
        # What is told back may be a cell or an address that somebody typed: without passwords.
        self.params = {name: veiled(value) if isinstance(value, str) else value for name, value in params.items()}
        if code is not None:
            self.code = code
        super().__init__(template.format(**self.params) if params else template)


class InvalidInput(OblikError):
    """A value cannot be used; the sentence names the field or cell, the value and the remedy."""

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
