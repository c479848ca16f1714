"""Oblik (облік: keeping account): one register of a city's cameras, from the owners' messy lists to a signed act."""
