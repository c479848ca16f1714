"""Settings, addresses, and the command line: the only room that knows all rooms."""
