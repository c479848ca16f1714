"""Pure parts of the city: addresses taken apart, names folded, the gazetteer."""
