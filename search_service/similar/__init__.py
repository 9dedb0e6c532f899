"""Similar practice: TF-IDF neighbours, and why they are alike."""
