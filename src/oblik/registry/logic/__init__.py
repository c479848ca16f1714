"""Pure parts of the register: fields, the order of trust, codes."""
