"""A table in, a document out."""
