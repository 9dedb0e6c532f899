"""Files to take away: CSV, Word, Markdown and Atom."""
