"""The only code that knows SQLite from PostgreSQL: bulk writes, reserved ids and the settings of a connection."""
