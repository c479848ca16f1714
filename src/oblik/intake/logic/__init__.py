"""Pure parts of intake: the table in a sheet, what its columns are, clean values, comparison, matching."""
