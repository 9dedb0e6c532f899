"""The regions that a practice is found under: those it names, and those of the police forces that run it."""

from __future__ import annotations

from search_service.practices.collection import Columns, Ids
from search_service.practices.taxonomy import Organisation, Taxonomy

POLICE_FORCE = "police-force"
"""The kind of organisation that has its own region and is named after its area."""


def regions_of_forces(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the region of each police force."""
    return {
        term.id: term.region
        for term in taxonomy.terms("organisation").values()
        if isinstance(term, Organisation) and term.kind == POLICE_FORCE
    }


def regions_found_under(columns: Columns, taxonomy: Taxonomy) -> list[Ids]:
    """Return, for each practice, its own regions and then those of its forces, each once."""
    region_of = regions_of_forces(taxonomy)
    return [
        tuple(dict.fromkeys((*regions, *(region_of[key] for key in run_by if key in region_of))))
        for regions, run_by in zip(columns.values["region"], columns.values["organisation"], strict=True)
    ]
