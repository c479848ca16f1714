"""The one door to addresses that people typed: judged, resolved once, opened where every answer may be opened."""
