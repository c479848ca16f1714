"""People, their roles and what they may do; the one function that decides every read and write lives in queries."""
