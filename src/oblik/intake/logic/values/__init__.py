"""Normalisers, one kind of cell each: a text comes in, a value and perhaps a problem code go out; they never raise."""
