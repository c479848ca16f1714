"""The API as one: its routes, how errors are answered, its OpenAPI document and the page that shows it."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from oblik.base.errors import OblikError
from oblik.web.api import cameras, campaigns, journal, judgements, me, owners, submissions
from oblik.web.api.content import Content, Json
from oblik.web.api.document import completed
from oblik.web.api.doors import AUTH, TooMany
from oblik.web.api.problems import problem, problem_of
from oblik.web.api.validation import problem_of_values

DESCRIPTION: Final = (
    "The register of a city's cameras, for programs. Access tokens are issued on a page of the desk and sent as "
    "`Authorization: Bearer oblik_…`; each is narrowed to some rights and runs out. What a token may not see answers "
    "like what is not there. Errors are problem+json (RFC 9457) in the language of Accept-Language."
)


class Api(NinjaAPI):
    """Keeps the value beside what is wrong with it, and adds the errors to the document."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        errors = []
        for context in error_contexts:
            source = context.model.__ninja_param_source__
            flattened = context.model.__ninja_flatten_map_reverse__
            for one in context.pydantic_validation_error.errors(include_url=False):
                place = flattened.get(one["loc"], one["loc"])
                errors.append({**one, "loc": (source, *place)})
        return ValidationError(errors)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return completed(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))


api = Api(
    title="Oblik", version="1", description=DESCRIPTION, auth=AUTH, parser=Content(), renderer=Json(), docs_url=None,
    urls_namespace="api-1",
)  # fmt: skip

for _noun in (me, cameras, owners, campaigns, submissions, judgements, journal):
    api.add_router("", _noun.router)


@api.exception_handler(OblikError)
def _ours(request: HttpRequest, wrong: Exception) -> HttpResponse:
    assert isinstance(wrong, OblikError)
    answer = problem_of(wrong)
    if isinstance(wrong, TooMany):
        answer.headers["Retry-After"] = str(wrong.params.get("seconds", 60))
    return answer


@api.exception_handler(ValidationError)
def _values(request: HttpRequest, wrong: Exception) -> HttpResponse:
    assert isinstance(wrong, ValidationError)
    return problem_of_values(wrong.errors)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, wrong: Exception) -> HttpResponse:
    return problem(401)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, wrong: Exception) -> HttpResponse:
    assert isinstance(wrong, HttpError)
    if isinstance(wrong.__cause__, OblikError):
        return problem_of(wrong.__cause__)
    return problem(wrong.status_code)


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, wrong: Exception) -> HttpResponse:
    return problem(404)


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, wrong: Exception) -> HttpResponse:
    return problem(413)


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def _damaged(request: HttpRequest, wrong: Exception) -> HttpResponse:
    return problem(400)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, wrong: Exception) -> HttpResponse:
    raise wrong  # Django writes it down; web.api.answers makes a problem without details of its page.
