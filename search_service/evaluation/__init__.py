"""Measures search on judged queries, and similar practice on judged neighbours and labels."""
