"""One file per command group; each command parses its words and calls one function of a room."""
