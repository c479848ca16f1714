"""The doors for programs: typed routes under the same rights as the pages, with tokens."""
