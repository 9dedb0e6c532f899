"""In which order: BM25F, latent semantic analysis and boosts."""
