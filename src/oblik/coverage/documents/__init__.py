"""Sums of coverage on paper and for other programs: the report with its maps, tables, and layers for QGIS."""
