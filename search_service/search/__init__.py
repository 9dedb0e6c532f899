"""Finding practices: matching, ranking, facets and snippets."""
