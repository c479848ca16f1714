"""Tells Django of the inventory room."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "oblik.inventory"
    label = "inventory"
