"""Words: one analysis chain for matching, ranking, snippets and similarity."""
