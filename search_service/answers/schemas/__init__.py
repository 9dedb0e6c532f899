"""The form of every API answer: the API's reference is made from these."""

from search_service.answers.schemas.base import Problem
from search_service.answers.schemas.practices import PracticeOut
from search_service.answers.schemas.search import FacetsOut, SearchOut, SuggestOut
from search_service.answers.schemas.shortlist import ComparisonOut, RelatedToSetOut
from search_service.answers.schemas.similar import RelatedOut, SimilarOut

__all__ = [
    "ComparisonOut",
    "FacetsOut",
    "PracticeOut",
    "Problem",
    "RelatedOut",
    "RelatedToSetOut",
    "SearchOut",
    "SimilarOut",
    "SuggestOut",
]
