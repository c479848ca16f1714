"""The words in which the API speaks: shared by all routes, each with its unit in its name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

from oblik.base.errors import InvalidInput, msg
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.fields import Field as CameraField
from oblik.registry.logic.records import Value
from oblik.web.api.cursors import cursor_after, next_address, place_of, question_of

T = TypeVar("T")
U = TypeVar("U")

MOST: Final = 500  # lines on one page
LAST_NUMBER: Final = 2**63 - 1  # no database of ours counts further

Code = Annotated[str, Field(min_length=1, max_length=40, description="A code as people write it.")]
Number = Annotated[int, Field(ge=1, le=LAST_NUMBER)]
Reason = Annotated[
    str, Field(min_length=1, max_length=2_000, pattern=r"\S", description="Why; it is kept with what is done.")
]


class Said(Schema):
    """What is sent to us: names that we do not know are refused, not overlooked."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PageAsked(Said):
    """Which page of a longer answer."""

    limit: int = Field(50, ge=1, le=MOST, description="Lines on a page.")
    cursor: str = Field("", max_length=400, description="From the page before: what `cursor` said there.")

    def question(self, path: str) -> str:
        """A short name of what is asked, without the page."""
        return question_of(path, asked=self.model_dump(exclude={"limit", "cursor"}))


class Page(Schema, Generic[T]):
    """One page: `next` is the address of the following one, null on the last."""

    items: list[T]
    cursor: str | None = Field(None, description="Begins the next page; null on the last.")
    next: str | None = Field(None, description="The address of the next page; null on the last.")


def place_asked(request: HttpRequest, *, asked: PageAsked) -> str | int | None:
    """After which place the page that is asked for begins; None for the first."""
    return place_of(asked.cursor, question=asked.question(request.path))


def page_of(
    request: HttpRequest, found: Sequence[T], *, asked: PageAsked, line: Callable[[T], U],
    place: Callable[[T], str | int],
) -> Page[U]:  # fmt: skip
    """The page out of what was found for it: limit + 1 lines where another page follows, else fewer."""
    shown = found[: asked.limit]
    if len(found) <= asked.limit:
        return Page(items=[line(one) for one in shown], cursor=None, next=None)
    cursor = cursor_after(place(shown[-1]), question=asked.question(request.path))
    return Page(items=[line(one) for one in shown], cursor=cursor, next=next_address(request, cursor=cursor))


_JSON_TYPES: Final = {
    "text": "string", "choice": "string", "date": "string", "number": "number", "integer": "integer",
    "boolean": "boolean",
}  # fmt: skip


def _values_schema(*, given: bool) -> dict[str, Any]:
    """JSON Schema of a camera's values; given: as a person may set them, with the choices there are."""
    return {
        "type": "object",
        "title": "GivenValues" if given else "Values",
        "description": "Fields of a camera; absent where unknown. Secrets are never among them.",
        "properties": {name: _field_schema(field, given=given) for name, field in shown_fields().items()},
        "additionalProperties": False,
    }


def _field_schema(field: CameraField, *, given: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"type": _JSON_TYPES[field.type]}
    if field.unit:
        said["description"] = f"in {field.unit}"
    if given and field.choices:
        said["enum"] = list(field.choices)
    if field.type == "date" and given:
        said["format"] = "date"
    if given and said["type"] == "string" and not field.choices and field.type == "text":
        said |= {"minLength": 1, "maxLength": 2_000}
    return said


def shown_fields() -> dict[str, CameraField]:
    """The fields that leave the house: none that is secret, and no code quoted by a list."""
    return {name: field for name, field in FIELDS.items() if not field.secret and name != "city_code"}


def shown_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """A camera's values without secrets."""
    shown = shown_fields()
    return {name: value for name, value in values.items() if name in shown}


def require_shown(values: Mapping[str, Value]) -> None:
    """InvalidInput for a field that the API does not take: an unknown one, or a secret."""
    unknown = sorted(set(values) - set(shown_fields()))
    if unknown:
        raise InvalidInput(
            msg("“{field}” is not a field of a camera that is set here; see the reference."), field=unknown[0]
        )


Values = Annotated[dict[str, Value], WithJsonSchema(_values_schema(given=False))]
GivenValues = Annotated[
    dict[str, Value], Field(min_length=1), WithJsonSchema({**_values_schema(given=True), "minProperties": 1})
]
