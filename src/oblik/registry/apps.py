"""Tells Django of the registry room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "oblik.registry"
    label = "registry"
