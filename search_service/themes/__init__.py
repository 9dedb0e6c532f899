"""Themes: coverage, gaps and the gap map."""
