"""The books of a licence: what is told of its money becomes entries, previewed or written."""
