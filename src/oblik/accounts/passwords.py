"""What a password must be beyond Django's own rules; why it is PBKDF2 stands in docs/guide/people.md."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongestPassword:
    """A limit, so that nobody makes the server hash a book; nothing below it is cut off."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for a longer password."""
        if len(password) > self.max_length:
            raise ValidationError(
                _("This password is longer than %(most)d characters."),
                code="password_too_long",
                params={"most": self.max_length},
            )

    def get_help_text(self) -> str:
        return _("At most %(most)d characters.") % {"most": self.max_length}
