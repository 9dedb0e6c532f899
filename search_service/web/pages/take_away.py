"""Downloads: a practice as Markdown, a search as a feed or a spreadsheet."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request
from werkzeug.urls import iri_to_uri

from search_service import answers
from search_service.downloads import atom, tables
from search_service.downloads.markdown import practice_markdown
from search_service.search.index import SORTS
from search_service.search.understand.query import clean
from search_service.web.http import params
from search_service.web.http.current import current_library
from search_service.web.http.parsing import read_page_query
from search_service.web.pages.blueprint import blueprint
from search_service.web.pages.gap_files import csv_file, download


@blueprint.get("/practices/<key>.md")
def practice_as_markdown(key: str) -> Response:
    """Give one practice as Markdown."""
    library = current_library()
    text = practice_markdown(answers.practice(library, library.practices.by_id(key)), request.url_root)
    return download(text.encode(), "text/markdown; charset=utf-8", f"{key}.md")


@blueprint.get("/search.atom")
def feed_of_search() -> Response:
    """Give what a search finds as an Atom feed; page and order do not matter to it."""
    library = current_library()
    reading = read_page_query(params.SearchParams)
    asked = replace(reading.params.request, sort=next(iter(SORTS)))
    practices = reading.answered(lambda _: library.search.export(asked, atom.MAX_ENTRIES))
    title = f"Practice Finder: {clean(asked.q) or 'all practices'}"
    address = iri_to_uri(request.url)  # Werkzeug decodes what XML may not be able to hold
    page = address.replace("/search.atom", "/search", 1)
    content = atom.feed(practices, title, address, page, request.url_root)
    return Response(content, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/search.csv")
def search_csv() -> Response:
    """Give what a search finds as CSV, in its order; the page does not matter to it."""
    library = current_library()
    found = read_page_query(params.SearchParams).answered(lambda query: library.search.export(query.request))
    return csv_file(tables.SEARCH, answers.practice_rows(library, found, request.url_root))
