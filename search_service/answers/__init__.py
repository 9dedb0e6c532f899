"""Turning answers into plain values, once, for the API, the pages and the command line alike."""

from search_service.answers.call_draft import brief
from search_service.answers.calls import calls
from search_service.answers.gap_map import gap_map
from search_service.answers.gaps import gaps
from search_service.answers.organisations import same_organisations
from search_service.answers.practices import Json, practice, practice_summary
from search_service.answers.reach import reach
from search_service.answers.results import completions, facets, search, snippet
from search_service.answers.shapes import label, labels
from search_service.answers.shortlist import comparison, practice_rows
from search_service.answers.similar import (
    recommendations,
    related_to_practice,
    related_to_set,
    similar_to_text,
)
from search_service.answers.similar_list import filter_choices
from search_service.answers.suggested_themes import suggested_themes
from search_service.answers.themes import themes

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
    "suggested_themes",
    "themes",
]
