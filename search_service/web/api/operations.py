"""What the API answers: one table of operations, from which both its routes and its description come."""

from __future__ import annotations

from contextlib import nullcontext

from search_service import answers
from search_service.answers.call_draft import Brief
from search_service.answers.calls import Calls
from search_service.answers.compare import Comparison
from search_service.answers.facets import Facets
from search_service.answers.gap_map import GapMap
from search_service.answers.gaps import Gaps
from search_service.answers.practice import Practice
from search_service.answers.reach import Reach
from search_service.answers.search import Results
from search_service.answers.similar import Related, RelatedToSet, SimilarToText
from search_service.answers.suggest import Suggestions
from search_service.answers.suggested_themes import SuggestedThemes
from search_service.answers.themes import Themes
from search_service.web.api.openapi import Operation
from search_service.web.http import health, params, uploads
from search_service.web.http.current import current_library


def search(query: params.SearchParams) -> Results:
    """Find practices by text and filters."""
    results = answers.search(current_library(), query.request)
    health.count_search(results["total"])
    return results


def suggest(query: params.SuggestParams) -> Suggestions:
    """Suggest titles, themes, organisations and phrases for what was typed so far."""
    return answers.suggest(current_library(), query.q, query.limit)


def practice(key: str) -> Practice:
    """Return one practice whole."""
    library = current_library()
    return answers.practice(library, library.practices.by_id(key))


def related(query: params.RelatedParams, key: str) -> Related:
    """List practices similar to one, with reasons."""
    return answers.related_to_practice(current_library(), key, query.limit, query.filters)


def similar(body: params.SimilarBody | params.SimilarFile) -> SimilarToText:
    """List practices similar to a text or the text of a file, with reasons; its themes, and what it lacks."""
    with uploads.text_of_a_file() if isinstance(body, params.SimilarFile) else nullcontext():
        return answers.similar_to_text(current_library(), body.text, body.limit, body.filters)


def related_to_set(query: params.SetParams) -> RelatedToSet:
    """List practices similar to several together, with reasons."""
    return answers.related_to_set(current_library(), query.id, query.limit, query.filters)


def compare(query: params.CompareParams) -> Comparison:
    """Set two or three practices side by side: what they share, how they differ, and what each says."""
    return answers.comparison(current_library(), query.id)


def themes() -> Themes:
    """List the themes with what there is on each."""
    return answers.themes(current_library())


def gaps(query: params.GapsParams) -> Gaps:
    """Report which themes are under-represented, and how sure that is."""
    library = current_library()
    return answers.gaps(library, library.gaps.report(query.reference))


def gaps_against(body: params.OwnReferenceBody) -> Gaps:
    """Compare with a reference of your own; it is not kept."""
    library = current_library()
    own = body.checked(library.taxonomy.labels["theme"])
    return answers.gaps(library, library.gaps.report_against(own))


def brief(query: params.GapsParams) -> Brief:
    """Draft the text of a call for practice from the gaps, for editing."""
    library = current_library()
    return answers.brief(library, library.gaps.report(query.reference))


def reach() -> Reach:
    """Say where the practices are from, and whom they do not reach."""
    return answers.reach(current_library())


def calls() -> Calls:
    """Compare what came through each call with what came before it."""
    return answers.calls(current_library())


def suggestions() -> SuggestedThemes:
    """List themes that practices may lack, and topics that no theme covers."""
    return answers.suggested_themes(current_library())


def gap_map(query: params.GapMapParams) -> GapMap:
    """Count practices in every cell of two closed lists."""
    return answers.gap_map(current_library(), query.rows, query.columns)


def facets() -> Facets:
    """List every filter with its values and counts."""
    library = current_library()
    return {"facets": answers.facets(library, library.search.facets())}


OPERATIONS = (
    Operation("GET", "/search", "Search", search),
    Operation("GET", "/suggest", "Suggestions", suggest),
    Operation("GET", "/practices/<key>", "One practice", practice),
    Operation("GET", "/practices/<key>/related", "Related practice", related),
    Operation("POST", "/similar", "Practice similar to a text", similar),
    Operation("GET", "/related", "Practice related to several", related_to_set),
    Operation("GET", "/compare", "Practices side by side", compare),
    Operation("GET", "/themes", "Themes", themes),
    Operation("GET", "/gaps", "Thematic gaps", gaps),
    Operation("POST", "/gaps", "Gaps against a reference of your own", gaps_against),
    Operation("GET", "/gaps/brief", "Draft of the next call", brief),
    Operation("GET", "/gaps/reach", "Reach", reach),
    Operation("GET", "/gaps/calls", "Change from call to call", calls),
    Operation("GET", "/gaps/suggestions", "Suggested themes", suggestions),
    Operation("GET", "/gap-map", "Gap map", gap_map),
    Operation("GET", "/facets", "Filters and their values", facets),
)
