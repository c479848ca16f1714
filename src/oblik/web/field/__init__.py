"""Pages for who stands before a camera with a phone: the day's round, kept without a network, and what it sends."""
