"""Files of the city as rows of text; understanding them is the work of `logic.tables`."""
