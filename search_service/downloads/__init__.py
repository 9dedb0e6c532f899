"""Files to download: CSV, Word, Markdown and Atom."""
