"""The arithmetic and the discrepancies of a count as pure functions of tables: no Django, no clock, no disk."""
