"""Tells Django of the intake room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "oblik.intake"
    label = "intake"
