"""What the program says of itself, to logs and in traces of errors, without the secrets that passed through it."""

import logging
import sys
import traceback
from collections.abc import ItemsView
from types import TracebackType
from typing import Any, Final

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from oblik.base.veiling import veiled

_HIDDEN: Final = "•••"


class VeiledFormatter(logging.Formatter):
    """Lines of a log, traces included, without passwords and stream addresses."""

    def format(self, record: logging.LogRecord) -> str:
        return veiled(super().format(record))


class NothingShown(SafeExceptionReporterFilter):
    """Traces of errors name variables and fields of forms and show none: any of them may hold a cell of a list."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, _HIDDEN) if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, _HIDDEN).items()


class VeiledReporter(ExceptionReporter):
    """A trace whose message says what went wrong and not with which secret."""

    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        return {name: veiled(value) if isinstance(value, str) else value for name, value in data.items()}


def tell_veiled(kind: type[BaseException], wrong: BaseException, trace: TracebackType | None) -> None:
    """What the console shows of an error that nobody foresaw."""
    sys.stderr.write(veiled("".join(traceback.format_exception(kind, wrong, trace))))
