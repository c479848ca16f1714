"""The page that explains the API: its own OpenAPI document as a table, without any other host."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from oblik.web.api.api import api
from oblik.web.api.problems import TITLES


def reference(request: HttpRequest) -> HttpResponse:
    """Every route with its parameters, answers and errors; open to everybody, for it tells of no data."""
    document = api.get_openapi_schema()
    context = {"document": document, "routes": routes_of(document), "problems": problems_of()}
    with translation.override(getattr(request, "LANGUAGE_CODE", None)):  # a page for people: in the language they chose
        return render(request, "api/reference.html", context)


def routes_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The routes of a document in its order: method, path, summary, parameters, body, statuses."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "name": route["operationId"],
            "description": route.get("description", route["summary"]),
            "parameters": [_parameter(one) for one in route["parameters"]],
            "body": _body(route, document=document),
            "statuses": [(int(status), answer["description"]) for status, answer in route["responses"].items()],
        }
        for path, methods in document["paths"].items()
        for method, route in methods.items()
    ]


def problems_of() -> list[tuple[int, str, object]]:
    """status, code, title of each kind of error."""
    return [(status, code, title) for status, (code, title) in TITLES.items()]


def _parameter(one: Mapping[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    return {
        "name": one["name"],
        "place": one["in"],
        "required": one["required"],
        "takes": _takes(schema),
        "description": one.get("description", ""),
    }


def _body(route: Mapping[str, Any], *, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "requestBody" not in route:
        return []
    (content,) = route["requestBody"]["content"].values()
    schema = _followed(content["schema"], document=document)
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "required": name in required,
            "takes": _takes(_followed(said, document=document)),
            "description": said.get("description", ""),
        }
        for name, said in schema.get("properties", {}).items()
    ]


def _followed(schema: Mapping[str, Any], *, document: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _takes(schema: Mapping[str, Any]) -> str:
    """What a value may be, in short: `integer 1…500`, `one of a, b`."""
    if "enum" in schema:
        return ", ".join(str(one) or "—" for one in schema["enum"])
    if "anyOf" in schema:
        return ", ".join(_takes(one) for one in schema["anyOf"] if one.get("type") != "null")
    limits = [schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))]
    span = "…".join("" if limit is None else str(limit) for limit in limits)
    return " ".join(filter(None, (schema.get("format") or schema.get("type", ""), span.strip("…") and span)))
