"""Is search any good? Measured on judged queries."""
