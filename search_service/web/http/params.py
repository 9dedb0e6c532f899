"""The parameters of each kind of request; the API description is made from these models too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from search_service.drafts.files import EXTENSIONS
from search_service.gaps.overview import MAP_LISTS
from search_service.gaps.own_reference import MAX_ROWS, Row, from_rows
from search_service.limits import (
    DEFAULT_SUGGESTIONS,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_COMPARED,
    MAX_PAGE,
    MAX_PER_PAGE,
    MAX_QUERY_LENGTH,
    MAX_RELATED,
    MAX_SHORTLIST,
    MAX_SUGGESTIONS,
    MAX_TEXT_LENGTH,
    MAX_TITLE_LENGTH,
    MIN_COMPARED,
)
from search_service.practices.taxonomy import ReferenceList
from search_service.search.index import SORTS, SearchRequest
from search_service.search.match.facets import FACET_NAMES, FACETS
from search_service.search.match.filters import Filters
from search_service.similar.filters import ListFilters
from search_service.similar.index import DEFAULT_LIMIT, EXAMPLE_TEXT, MIN_CONTENT_WORDS

AXES = {name: next((f.label for f in FACETS if f.name == name), name) for name in MAP_LISTS}
"""The lists that can be an axis of the gap map, with their labels."""

MAX_ID_LENGTH = 80
"""The greatest length of an id in a closed list (`Slug`)."""

MIN_TEXT_LENGTH = 2 * MIN_CONTENT_WORDS - 1
"""No shorter text has enough words: a letter each, and the spaces between them."""


def _range(low: int, high: int) -> WithJsonSchema:
    """Describe the bounds of a number, which the library checks."""
    return WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})


def _ids(description: str, *example: str, **extra: Any) -> Any:
    """Describe a list of ids, empty unless given."""
    examples = [list(example)] if example else None
    return Field(default_factory=list, description=description, examples=examples, json_schema_extra=extra)


Query = Annotated[
    str,
    WithJsonSchema({"type": "string", "maxLength": MAX_QUERY_LENGTH}),
    Field(examples=["missing from care"]),
]
Limit = Annotated[int, _range(1, MAX_RELATED), Field(examples=[6])]
Year = Annotated[int, _range(FIRST_YEAR, LAST_YEAR)]


class Params(BaseModel):
    """The parameters of one request; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParams(Params):
    """A request without parameters."""


class SearchText(Params):
    """The part of a search that is not a facet."""

    q: Query = Field("", description='Words; "exact phrase"; -word; word*; theme:stalking-harassment.')
    sort: Annotated[str, WithJsonSchema({"type": "string", "enum": list(SORTS)})] = Field(
        "relevance", description="Order.", examples=["newest"]
    )
    page: Annotated[int, _range(1, MAX_PAGE)] = Field(1, description="Which page, from 1.", examples=[1])
    per_page: Annotated[int, _range(1, MAX_PER_PAGE)] = Field(
        10, description="Results on a page.", examples=[10]
    )


_FACET_FIELDS: dict[str, Any] = {
    facet.name: (list[str], _ids(f"Keep only these {facet.plural} (ids); several are OR."))
    for facet in FACETS
}

_FILTER_FIELDS: dict[str, Any] = {
    "from": (Year | None, Field(None, description="Began in this year or later.", examples=[2015])),
    "to": (Year | None, Field(None, description="Began in this year or earlier.", examples=[2020])),
    "evaluated": (
        Literal["", "yes"],
        Field(
            "",
            description="With yes: only what anyone is known to have tested, whatever the finding.",
            examples=["yes"],
        ),
    ),
}
FILTER_FIELD_NAMES = tuple(_FILTER_FIELDS)


class SearchParams(
    create_model("SearchFilters", __base__=SearchText, **_FACET_FIELDS, **_FILTER_FIELDS)  # type: ignore[misc]
):
    """A search: its text and one filter for each facet."""

    @property
    def request(self) -> SearchRequest:
        """The search as the library takes it."""
        values = self.model_dump()
        facets = {name: tuple(values[name]) for name in FACET_NAMES if values[name]}
        filters = Filters(facets, values["from"], values["to"], values["evaluated"] == "yes")
        return SearchRequest(self.q, filters, self.sort, self.page, self.per_page)


class SuggestParams(Params):
    """The beginning of a query, and how many suggestions to list."""

    q: Query = Field("", description="What was typed so far.")
    limit: Annotated[int, _range(1, MAX_SUGGESTIONS)] = Field(
        DEFAULT_SUGGESTIONS, description="At most so many.", examples=[6]
    )


class ListFilterParams(Params):
    """What to leave out of a list of similar practice."""

    promising: bool = Field(
        False, description="Only practices whose evidence is promising or stronger.", examples=[True]
    )
    not_organisation: list[str] = _ids(
        "Leave out what nobody but these organisations (ids) runs.", "kent-police"
    )
    region: list[str] = _ids("Only practices of these regions (ids); several are OR.", "wales")
    theme: list[str] = _ids("Only practices on these themes (ids); several are OR.", "missing-people")

    @property
    def filters(self) -> ListFilters:
        """The filters as the library takes them; empty values are dropped."""
        chosen = (self.not_organisation, self.region, self.theme)
        return ListFilters(self.promising, *(tuple(dict.fromkeys(filter(None, ids))) for ids in chosen))


class RelatedParams(ListFilterParams):
    """How many similar practices to list, and which to leave out."""

    limit: Limit = Field(DEFAULT_LIMIT, description="At most so many.")


def _practices(low: int, high: int, description: str) -> Any:
    """Describe a list of practices; an empty id counts as not given."""
    item = {"type": "string", "minLength": 1}
    example = ("operation-encompass", "philomena-protocol")
    return _ids(description, *example, minItems=low, maxItems=high, items=item)


class CompareParams(Params):
    """Which practices to set side by side."""

    id: list[str] = _practices(MIN_COMPARED, MAX_COMPARED, "Ids of two or three practices.")


class SetParams(RelatedParams):
    """Several practices, and how many similar to them all to list."""

    id: list[str] = _practices(
        1, MAX_SHORTLIST, "Ids of practices; those most like them together are listed."
    )


class ShortlistParams(Params):
    """The practices of a shortlist, and a search for one to add."""

    id: list[str] = Field(default_factory=list)
    q: str = Field("", max_length=MAX_QUERY_LENGTH, examples=["missing from care"])


class PackParams(Params):
    """The practices of an event pack, and what it is called."""

    id: list[str] = Field(default_factory=list)
    title: str = Field("", max_length=MAX_TITLE_LENGTH, examples=["Learning event, March 2027"])


class GapsParams(Params):
    """Which reference to compare with."""

    reference: str = Field(
        "", max_length=MAX_ID_LENGTH, description="Id of a reference; the first is the default."
    )


GAP_SORTS = ("gap", "theme", "practices", "expected", "ratio")
"""The orders of the gap table; a minus in front reverses one."""


class GapsPageParams(GapsParams):
    """Which reference to compare with, and in which order to show the themes."""

    sort: str = Field("gap", pattern=f"^-?({'|'.join(GAP_SORTS)})$", examples=["ratio"])


_WEIGHT: dict[str, Any] = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "minLength": 1}]}


class WeightIn(Params):
    """The weight of one theme; all weights are checked together, so that every fault is reported at once."""

    theme: Annotated[Any, WithJsonSchema({"type": "string", "minLength": 1})] = Field(
        description="Id or name of a theme."
    )
    weight: Annotated[Any, WithJsonSchema(_WEIGHT)] = Field(
        description="Any number from 0 up, also as text; only proportions matter."
    )
    source: str = Field("", max_length=600, description="Where the figure is from.")
    year: str = Field("", max_length=80, description="What time it is of.")


class OwnReferenceBody(Params):
    """A reference that the sender brings to compare with; it is not stored."""

    weights: list[WeightIn] = Field(
        json_schema_extra={"minItems": 1, "maxItems": MAX_ROWS},
        description="A theme without a weight is left out of the comparison.",
        examples=[[{"theme": "domestic-abuse", "weight": 2}]],
    )

    def checked(self, themes: Mapping[str, str]) -> ReferenceList:
        """Return the reference; raises InvalidRequest with every fault."""
        rows = [
            Row(f"weights {number}", one.theme, one.weight, one.source, one.year)
            for number, one in enumerate(self.weights, start=1)
        ]
        return from_rows(rows, themes)


def _axis(default: str, description: str, example: str) -> Any:
    """Describe an axis of the gap map."""
    lists: dict[str, Any] = {"enum": list(MAP_LISTS)}
    return Field(default, json_schema_extra=lists, description=description, examples=[example])


class GapMapParams(Params):
    """Which closed lists are the axes."""

    rows: str = _axis("theme", "Rows.", "theme")
    columns: str = _axis("approach", "Columns.", "region")


class SimilarBody(ListFilterParams):
    """A text to compare with, and what to leave out."""

    text: str = Field(
        json_schema_extra={"minLength": MIN_TEXT_LENGTH, "maxLength": MAX_TEXT_LENGTH},
        examples=[EXAMPLE_TEXT],
        description=f"A description of an initiative; {MIN_CONTENT_WORDS} words must carry meaning.",
    )
    limit: Limit = Field(DEFAULT_LIMIT, description="At most so many.")


class SimilarFile(ListFilterParams):
    """A file to compare with, given here as its text, and what to leave out."""

    file: str = Field(
        description=f"A description of an initiative: {', '.join(EXTENSIONS)}; up to 2 MB.",
        json_schema_extra={"contentMediaType": "application/octet-stream", "minLength": 1},
    )
    limit: Limit = Field(DEFAULT_LIMIT, description="At most so many.")

    @property
    def text(self) -> str:
        """The text to compare, under the same name as in `SimilarBody`."""
        return self.file
