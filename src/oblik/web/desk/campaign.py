"""The campaign's numbers, each of which opens to its rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oblik.web.desk.access import page


@page()
def newest(request: HttpRequest) -> HttpResponse:
    """The campaign opened last; the list where there is none."""
    return every(request)


@page()
def every(request: HttpRequest) -> HttpResponse:
    """All campaigns."""
    return render(request, "desk/campaigns.html", {"campaigns": []})


@page()
def figures(request: HttpRequest, code: str) -> HttpResponse:
    return every(request)


@page()
def rows(request: HttpRequest, code: str) -> HttpResponse:
    return every(request)
