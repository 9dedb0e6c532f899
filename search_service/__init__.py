"""Practice Finder: search, similar practice and thematic gaps over calls for practice."""

__version__ = "1.0.0"
