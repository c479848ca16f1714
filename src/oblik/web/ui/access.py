"""Who may open a page, and what the pages answer to those who may not."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from oblik.accounts.queries import Scope, Verb, may, scope_of
from oblik.base.errors import Forbidden, InvalidInput, NotFound, OblikError

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]

_STATUS: Final[dict[type[OblikError], int]] = {NotFound: 404, Forbidden: 403, InvalidInput: 400}


def page(verb: Verb = "see") -> Callable[[View[Rest]], View[Rest]]:
    """A view that asks for sign-in and for the right to `verb`, and turns what we know to go wrong into a page."""

    def guard(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, verb):
                return render(request, "403.html", status=403)
            try:
                return view(request, *args, **kwargs)
            except OblikError as wrong:
                status = _STATUS.get(type(wrong), 409)
                return render(request, "wrong.html", {"sentence": sentence(wrong)}, status=status)

        return answer

    return guard


def sentence(wrong: OblikError) -> str:
    """The error in the language of the page."""
    translated = _(wrong.template)
    return translated.format(**wrong.params) if wrong.params else translated


def seen_by(request: HttpRequest) -> Scope:
    """Where the person may see: the `within` of everything that a page asks."""
    return scope_of(request.user, "see")
