"""Dates are said as exactly as they are known."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.text.dates import in_words


@pytest.mark.parametrize(
    ("date", "said"), [("2011", "2011"), ("2011-02", "February 2011"), ("2011-02-03", "3 February 2011")]
)
def test_a_date_is_said_as_exactly_as_it_is_given(date: str, said: str) -> None:
    """Day, month and year, as far as they are known, without a leading nought."""
    assert in_words(date) == said


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_can_be_read_back(day: dt.date) -> None:
    """Nothing of a whole date is lost or changed places."""
    read = dt.datetime.strptime(in_words(day.isoformat()), "%d %B %Y")  # noqa: DTZ007 - a day has no zone
    assert read.date() == day
