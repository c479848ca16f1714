"""What cameras really see: footprints by pixel density, who sees a place, blind spots, and where the next one goes."""
