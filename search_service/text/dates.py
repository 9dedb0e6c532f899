"""Dates in British English."""

from __future__ import annotations

from calendar import month_name  # English, since nothing sets a locale


def in_words(date: str) -> str:
    """Write out a full or partial date: “2011”, “February 2011”, “3 February 2011” from YYYY[-MM[-DD]]."""
    year, *rest = date.split("-")
    words = [str(int(day)) for day in rest[1:]] + [month_name[int(month)] for month in rest[:1]]
    return " ".join([*words, year])
