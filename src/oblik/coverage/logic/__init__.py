"""Pure geometry of seeing: optics, walls, bands and sums over arrays."""
