"""The truth: owners and cameras, each value with its origin, each change with its two times. Claims come in from lists,
devices and people; one camera with a winning value per field and its history comes out."""
