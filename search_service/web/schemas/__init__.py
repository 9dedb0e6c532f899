"""The form of every API answer: the API's reference is made from these."""

from search_service.web.schemas.base import Problem
from search_service.web.schemas.gaps import (
    BriefOut,
    CallsOut,
    GapMapOut,
    GapsOut,
    ReachOut,
    SuggestionsOut,
    ThemesOut,
)
from search_service.web.schemas.practices import PracticeOut
from search_service.web.schemas.search import FacetsOut, SearchOut, SuggestOut
from search_service.web.schemas.shortlist import ComparisonOut, RelatedToSetOut
from search_service.web.schemas.similar import RelatedOut, SimilarOut

__all__ = [
    "BriefOut",
    "CallsOut",
    "ComparisonOut",
    "FacetsOut",
    "GapMapOut",
    "GapsOut",
    "PracticeOut",
    "Problem",
    "ReachOut",
    "RelatedOut",
    "RelatedToSetOut",
    "SearchOut",
    "SimilarOut",
    "SuggestOut",
    "SuggestionsOut",
    "ThemesOut",
]
