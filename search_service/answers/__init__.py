"""Turning answers into plain values, once, for the API, the pages and the command line alike."""

from search_service.answers.organisations import same_organisations
from search_service.answers.practices import Json, label, labels, practice, practice_summary
from search_service.answers.reach import brief, calls, reach
from search_service.answers.results import completions, facets, search, snippet
from search_service.answers.shortlist import comparison, practice_rows
from search_service.answers.similar import (
    recommendations,
    related_to_practice,
    related_to_set,
    similar_to_text,
)
from search_service.answers.similar_list import filter_choices
from search_service.answers.suggestions import suggestions
from search_service.answers.thematic import gap_map, gaps, themes

__all__ = [
    "Json",
    "brief",
    "calls",
    "comparison",
    "completions",
    "facets",
    "filter_choices",
    "gap_map",
    "gaps",
    "label",
    "labels",
    "practice",
    "practice_rows",
    "practice_summary",
    "reach",
    "recommendations",
    "related_to_practice",
    "related_to_set",
    "same_organisations",
    "search",
    "similar_to_text",
    "snippet",
    "suggestions",
    "themes",
]
