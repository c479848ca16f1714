"""Readers of lists: one per format turns a file into sheets of text, or refuses it with a sentence that helps."""
