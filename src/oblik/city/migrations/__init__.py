"""Changes of the city's tables, in order."""
