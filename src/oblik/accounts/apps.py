"""Tells Django of the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oblik.accounts"
    label = "accounts"
