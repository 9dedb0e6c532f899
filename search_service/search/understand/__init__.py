"""What was asked: the query, its wordings, and what it may have meant."""
