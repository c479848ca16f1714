"""The documents of a campaign, to download."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oblik.web.desk.access import page


@page()
def newest(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/documents.html", {})


@page()
def listed(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "desk/documents.html", {})


@page()
def download(request: HttpRequest, code: str, name: str) -> HttpResponse:
    return render(request, "desk/documents.html", {})
