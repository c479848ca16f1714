"""City camera codes: a prefix, a running number and a check digit, such as KHA-000123-4."""

import re

from stdnum import damm
from stdnum.exceptions import ValidationError

from oblik.base.errors import InvalidInput, msg

_CODE = re.compile(r"^([A-Z]{2,6})-(\d{6,9})-(\d)$")


def code_of(number: int, *, prefix: str) -> str:
    """The code of a running number >= 1. The Damm digit catches each wrong digit and each swap of two."""
    digits = f"{number:06d}"
    return f"{prefix}-{digits}-{damm.calc_check_digit(digits)}"


def parse_code(text: str) -> str:
    """The code in its normal form; InvalidInput names what is wrong. Case and spaces around do not matter."""
    code = text.strip().upper()
    match = _CODE.match(code)
    if not match:
        raise InvalidInput(
            msg("“{value}” is not a camera code; codes look like {example}."),
            value=text,
            example=code_of(123, prefix="KHA"),
        )
    try:
        damm.validate(match[2] + match[3])
    except ValidationError as wrong:
        raise InvalidInput(
            msg("The check digit of “{value}” does not fit: a digit is mistyped; compare with the label."), value=text
        ) from wrong
    return code
