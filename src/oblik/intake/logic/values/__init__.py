"""One normaliser per kind of cell: a text comes in, a value and perhaps the code of a problem go out; no clock, no disk, and never an exception."""
