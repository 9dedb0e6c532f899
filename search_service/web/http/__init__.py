"""HTTP below pages and API: parsing, errors, limits, headers, health."""
