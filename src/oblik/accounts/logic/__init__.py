"""Decisions about people that need no database: what roles may do and where, what tokens look like."""
