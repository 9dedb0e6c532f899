"""Thematic gaps: which themes have too little practice, and how sure that is."""
