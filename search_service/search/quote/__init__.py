"""What is shown of a practice: its passages and snippets."""
