"""Who may open a page of the desk: as on all pages that people open."""

from oblik.web.ui.access import Rest, View, page, seen_by, sentence

__all__ = ["Rest", "View", "page", "seen_by", "sentence"]
