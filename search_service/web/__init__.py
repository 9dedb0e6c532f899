"""HTTP: the pages and the API. Nothing below this package knows of it."""
