"""What is asked of the library, answered as plain values: once, for the API, the pages and the command line.

Each use case is a function beside the shape of its answer.
"""

from search_service.answers.call_draft import brief as brief
from search_service.answers.calls import calls as calls
from search_service.answers.compare import comparison as comparison
from search_service.answers.facets import facets as facets
from search_service.answers.gap_map import gap_map as gap_map
from search_service.answers.gaps import gaps as gaps
from search_service.answers.practice import practice as practice
from search_service.answers.practice import practice_rows as practice_rows
from search_service.answers.practice import practice_summary as practice_summary
from search_service.answers.reach import reach as reach
from search_service.answers.same_organisations import same_organisations as same_organisations
from search_service.answers.search import search as search
from search_service.answers.similar import recommendations as recommendations
from search_service.answers.similar import related_to_practice as related_to_practice
from search_service.answers.similar import related_to_set as related_to_set
from search_service.answers.similar import similar_to_text as similar_to_text
from search_service.answers.similar_list import filter_choices as filter_choices
from search_service.answers.suggest import suggest as suggest
from search_service.answers.suggested_themes import suggested_themes as suggested_themes
from search_service.answers.themes import themes as themes
