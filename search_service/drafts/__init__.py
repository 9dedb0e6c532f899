"""Drafts that people upload: bytes in, text out, read in memory and never stored."""
