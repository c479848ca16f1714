"""The OpenAPI document: ninja's own, with the errors of each route, headers and the secrets' absence told."""

from typing import Any, Final

from ninja.openapi.schema import OpenAPISchema

from oblik.web.api.problems import MEDIA_TYPE, TITLES

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457); the sentences are in the language of Accept-Language.",
    "properties": {
        "type": {"type": "string", "description": "Address that explains this kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable; programs look at it, never at a sentence."},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "value": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "detail"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
    "additionalProperties": False,
}
_ENGLISH: Final = {
    400: "The request is damaged", 401: "Nobody is signed in, or the token is no good", 403: "Not allowed",
    404: "Nothing here that you may see", 409: "It contradicts what is so already", 412: "It was changed meanwhile",
    413: "Too large", 415: "This kind of content is not taken here", 422: "A value cannot be used",
    429: "Too many requests; see Retry-After",
}  # fmt: skip
_ALWAYS: Final = (401, 403, 404, 422, 429)
_OF_WRITES: Final = (400, 409, 413, 415)
_BODIES: Final = ("post", "patch", "put", "delete")
_KEY: Final[dict[str, Any]] = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "description": "Your own key of this write: sent again within a day it gives the first answer and does nothing.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,100}$"},
}  # fmt: skip
_MATCH: Final[dict[str, Any]] = {
    "in": "header", "name": "If-Match", "required": False,
    "description": "The ETag as you read it: the change is made only where nobody changed the camera since.",
    "schema": {"type": "string", "pattern": r'^("\d{1,9}"|\*)$'},
}  # fmt: skip
_ETAG: Final = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}


def completed(document: OpenAPISchema) -> OpenAPISchema:
    """The document with what ninja does not say: errors as problem+json, headers, names of the security schemes."""
    schemas = document["components"]["schemas"]
    if "Problem" in schemas:
        raise ValueError("a schema of ours is called Problem, like that of errors")
    schemas["Problem"] = _PROBLEM
    for methods in document["paths"].values():
        for method, route in methods.items():
            _complete(route, method=method)
    schemes = document["components"].get("securitySchemes", {})
    schemes.get("AccessToken", {})["description"] = "An access token, issued on a page of the desk."
    schemes.get("SessionCookie", {})["description"] = "The desk's own cookie; writes take X-CSRFToken besides."
    document["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    return document


def _complete(route: dict[str, Any], *, method: str) -> None:
    wanted = [*_ALWAYS, *(_OF_WRITES if method in _BODIES else ())]
    if method in _BODIES:
        route["parameters"] = [*route["parameters"], _KEY]
    if route["operationId"] == "edit_camera":
        route["parameters"] = [*route["parameters"], _MATCH]
        wanted.append(412)
    if route["operationId"] in ("camera", "edit_camera"):
        route["responses"][200]["headers"] = _ETAG
    if route["operationId"] == "camera":
        route["responses"][304] = {"description": "It is as you know it already (If-None-Match)."}
    if route["operationId"] == "document":
        route["responses"][200]["content"] = {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
    for status in sorted(wanted):
        route["responses"][status] = {
            "description": _ENGLISH[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    assert set(_ENGLISH) <= set(TITLES)
