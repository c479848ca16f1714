"""The ground floor: errors, actors and other values that know no noun of the register; no Django, no files."""
