"""Probable duplicates among people and companies: what they are found by, how alike they are, and why one may think so."""
