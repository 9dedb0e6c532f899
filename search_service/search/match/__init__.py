"""What matches: engines, filters and facets."""
