"""Tells Django of the coverage room."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "oblik.coverage"
    label = "coverage"
