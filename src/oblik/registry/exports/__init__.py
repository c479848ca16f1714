"""Writers of the register: one file per format, one line each in the table of oblik.registry.exporting."""
