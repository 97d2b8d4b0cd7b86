"""The HTTP doors for machines: compute, law, health."""
