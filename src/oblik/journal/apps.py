"""Tells Django of the journal room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "oblik.journal"
    label = "journal"
