"""Which page of the field answers which address."""

from django.urls import path

from oblik.web.field import sending, shell

urlpatterns = [
    path("", shell.shell, name="field"),
    path("sw.js", shell.service_worker, name="field-worker"),
    path("manifest.webmanifest", shell.manifest, name="field-manifest"),
    path("day.json", sending.day, name="field-day"),
    path("checks/", sending.checks, name="field-checks"),
]
