"""The form of every API answer: the API's reference is made from these."""

from search_service.web.schemas.base import Problem
from search_service.web.schemas.gaps import GapMapOut, GapsOut, ThemesOut
from search_service.web.schemas.practices import PracticeOut
from search_service.web.schemas.search import FacetsOut, SearchOut, SuggestOut
from search_service.web.schemas.similar import RelatedOut, SimilarOut

__all__ = [
    "FacetsOut",
    "GapMapOut",
    "GapsOut",
    "PracticeOut",
    "Problem",
    "RelatedOut",
    "SearchOut",
    "SimilarOut",
    "SuggestOut",
    "ThemesOut",
]
