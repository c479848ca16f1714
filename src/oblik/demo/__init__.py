"""An invented city with about 3,500 cameras, written by a seeded generator as the files that real owners send, with the
truth about every row, and loaded through the same actions as real data. In come a seed, a size and how messy it shall
be; out go files. Nothing here is a real place, person or device; nothing but the command line depends on this room."""
