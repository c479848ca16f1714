"""Streets, addresses and renamed streets: tables come in by file, an address in any of its spellings goes out as one
street, a house and a point."""
