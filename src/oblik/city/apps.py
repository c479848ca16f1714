"""Tells Django of the city room."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "oblik.city"
    label = "city"
