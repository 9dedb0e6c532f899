"""Tests that drive a real browser; a package, so that its modules may share names with others."""
