"""Snapshots: corpus in, an immutable folder out, memory from it."""
