"""What the API answers: one table of operations, from which both its routes and its description come."""

from __future__ import annotations

from contextlib import nullcontext

from search_service import answers
from search_service.answers import schemas
from search_service.web.api.openapi import Operation
from search_service.web.http import health, params, uploads
from search_service.web.http.current import current_library


def search(query: params.SearchParams) -> answers.Json:
    """Find practices by text and filters."""
    library = current_library()
    request = query.request
    results = answers.search(library, request, library.search.find(request))
    health.count_search(results["total"])
    return results


def suggest(query: params.SuggestParams) -> answers.Json:
    """Suggest titles, themes, organisations and phrases for what was typed so far."""
    return {"suggestions": answers.completions(current_library().search.suggest(query.q, query.limit))}


def practice(key: str) -> answers.Json:
    """Return one practice whole."""
    library = current_library()
    return answers.practice(library, library.practices.by_id(key))


def related(query: params.RelatedParams, key: str) -> answers.Json:
    """List practices similar to one, with reasons."""
    return answers.related_to_practice(current_library(), key, query.limit, query.filters)


def similar(body: params.SimilarBody | params.SimilarFile) -> answers.Json:
    """List practices similar to a text or the text of a file, with reasons; its themes, and what it lacks."""
    with uploads.text_of_a_file() if isinstance(body, params.SimilarFile) else nullcontext():
        return answers.similar_to_text(current_library(), body.text, body.limit, body.filters)


def related_to_set(query: params.SetParams) -> answers.Json:
    """List practices similar to several together, with reasons."""
    return answers.related_to_set(current_library(), query.id, query.limit, query.filters)


def compare(query: params.CompareParams) -> answers.Json:
    """Set two or three practices side by side: what they share, how they differ, and what each says."""
    library = current_library()
    return answers.comparison(library, query.id)


def themes() -> answers.Json:
    """List the themes with what there is on each."""
    return {"themes": answers.themes(current_library())}


def gaps(query: params.GapsParams) -> answers.Json:
    """Report which themes are under-represented, and how sure that is."""
    library = current_library()
    return answers.gaps(library, library.gaps.report(query.reference))


def gaps_against(body: params.OwnReferenceBody) -> answers.Json:
    """Compare with a reference of your own; it is not kept."""
    library = current_library()
    own = body.checked(library.taxonomy.labels["theme"])
    return answers.gaps(library, library.gaps.report_against(own.reference), own)


def brief(query: params.GapsParams) -> answers.Json:
    """Draft the text of a call for practice from the gaps, for editing."""
    library = current_library()
    return answers.brief(library, library.gaps.report(query.reference))


def reach() -> answers.Json:
    """Say where the practices are from, and whom they do not reach."""
    return answers.reach(current_library())


def calls() -> answers.Json:
    """Compare what came through each call with what came before it."""
    return answers.calls(current_library())


def suggestions() -> answers.Json:
    """List themes that practices may lack, and topics that no theme covers."""
    return answers.suggestions(current_library())


def gap_map(query: params.GapMapParams) -> answers.Json:
    """Count practices in every cell of two closed lists."""
    found = current_library().gaps.map(query.rows, query.columns)
    return answers.gap_map(found, query.rows, query.columns)


def facets() -> answers.Json:
    """List every filter with its values and counts."""
    library = current_library()
    return {"facets": answers.facets(library, library.search.facets())}


OPERATIONS = (
    Operation("GET", "/search", "Search", search, schemas.SearchOut),
    Operation("GET", "/suggest", "Suggestions", suggest, schemas.SuggestOut),
    Operation("GET", "/practices/<key>", "One practice", practice, schemas.PracticeOut),
    Operation("GET", "/practices/<key>/related", "Related practice", related, schemas.RelatedOut),
    Operation("POST", "/similar", "Practice similar to a text", similar, schemas.SimilarOut),
    Operation("GET", "/related", "Practice related to several", related_to_set, schemas.RelatedToSetOut),
    Operation("GET", "/compare", "Practices side by side", compare, schemas.ComparisonOut),
    Operation("GET", "/themes", "Themes", themes, schemas.ThemesOut),
    Operation("GET", "/gaps", "Thematic gaps", gaps, schemas.GapsOut),
    Operation("POST", "/gaps", "Gaps against a reference of your own", gaps_against, schemas.GapsOut),
    Operation("GET", "/gaps/brief", "Draft of the next call", brief, schemas.BriefOut),
    Operation("GET", "/gaps/reach", "Reach", reach, schemas.ReachOut),
    Operation("GET", "/gaps/calls", "Change from call to call", calls, schemas.CallsOut),
    Operation("GET", "/gaps/suggestions", "Suggested themes", suggestions, schemas.SuggestionsOut),
    Operation("GET", "/gap-map", "Gap map", gap_map, schemas.GapMapOut),
    Operation("GET", "/facets", "Filters and their values", facets, schemas.FacetsOut),
)
