"""Which rows are the same camera: records come in as one frame, are blocked into pairs, scored by Splink and assigned
to cameras; what goes out is a decision and a probability per record, proposals for a person, the reasons of each pair.
"""
