"""What a practice is; reading the corpus and checking it."""
