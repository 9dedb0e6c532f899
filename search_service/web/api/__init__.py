"""The API: a table of operations, their routes and their description."""
