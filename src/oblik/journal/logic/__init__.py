"""Entries as bytes, their chain, the Merkle tree over them and signed checkpoints: values in, values out."""
