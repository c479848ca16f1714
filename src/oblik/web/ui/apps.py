"""The application that brings the pages' templates, styles and words to Django."""

from pathlib import Path

from django.apps import AppConfig
from django.core import checks

BUILT = Path(__file__).parent / "static" / "built"


class UiConfig(AppConfig):
    name = "oblik.web.ui"
    label = "ui"


@checks.register
def built_pages_exist(**_: object) -> list[checks.CheckMessage]:
    """A warning where styles and scripts have not been built: pages would come bare."""
    if (BUILT / "app.js").is_file():
        return []
    return [
        checks.Warning("The styles and scripts of the pages are not built.", hint="Run `make setup`.", id="ui.W001")
    ]
