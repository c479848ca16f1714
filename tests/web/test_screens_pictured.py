"""Every page has its picture in `make screenshots`, or a reason why not; every line of that table is a page."""

import pytest
from benchmarks.desk_pages import routes
from django.urls import Resolver404, get_resolver, resolve
from tools.guide_pictures import SHOTS
from tools.screens import NOT_SCREENS, SCREENS

# What stands for a name in an address, where the route takes no text.
FILLED = {
    **dict.fromkeys(("upload", "list", "newer", "job", "entry", "round", "key"), "1"),
    "check": "00000000-0000-4000-8000-000000000001", "reset": "1-a", "near": "", "area": "",
}  # fmt: skip
NOWHERE = {"not-there"}  # is taken to show what a wrong address is answered with


class _Any(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "X"


def page_of(address: str) -> str:
    """The name of the route that answers an address of the table."""
    return resolve(address.format_map(_Any(FILLED)).partition("?")[0]).url_name or ""


def pages() -> set[str]:
    return {name for name, route, _pattern in routes(get_resolver()) if not route.startswith("api/v1")}


def test_every_page_has_a_picture_or_a_reason():
    shown = {page_of(screen.address) for screen in SCREENS if screen.name not in NOWHERE}
    assert sorted(pages() - shown - set(NOT_SCREENS)) == []
    assert sorted(set(NOT_SCREENS) - pages()) == []
    assert sorted(shown & set(NOT_SCREENS)) == []


def test_a_page_that_is_not_there_is_found():
    with pytest.raises(Resolver404):
        page_of("/nothing/")


def test_names_of_pictures_are_their_own_and_the_guide_shows_screens():
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
    assert {shot.screen for shot in SHOTS.values()} <= set(names)
