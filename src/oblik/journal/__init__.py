"""Append-only entries: who changed what, when and why. Every action writes one entry in its own transaction."""
