"""Uploaded files: their greatest size, in memory only, and their text.

Werkzeug would write a file of half a megabyte to disk while parsing a form; a draft may contain what should
not have been sent, and must leave no trace.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from flask import Flask, Request, request
from pydantic import BaseModel
from werkzeug.datastructures import FileStorage

from search_service.drafts.files import EXTENSIONS, MAX_FILE_BYTES, TOO_LARGE, read_draft
from search_service.errors import Fault, InvalidRequest
from search_service.limits import MAX_TEXT_LENGTH
from search_service.web.http.parsing import Reading, query_examples, read_body, values_of

Form = TypeVar("Form", bound=BaseModel)

FORM = "multipart/form-data"

ENDPOINTS = ("api.similar", "pages.similar")
"""The two routes that take a draft; all others keep the smaller limit on a body."""

MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 4 * MAX_TEXT_LENGTH + 16 * 1024
"""A file of the greatest size and a text of the greatest length (four bytes a character, since nothing is
escaped in such a form), with room for the rest of the form."""

ACCEPTED = ",".join(EXTENSIONS)
"""The file types that a file input offers."""

NOT_SENT = Fault("file", "no file was sent under this name.", "curl --form file=@draft.docx")

TOO_LARGE_FAULT = Fault("file", *TOO_LARGE)


class InMemoryRequest(Request):
    """A request that keeps uploaded files in memory, however large."""

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> io.BytesIO:
        return io.BytesIO()


def register(app: Flask) -> None:
    """Keep files in memory, and raise the size limit for the routes that take one."""
    app.request_class = InMemoryRequest
    app.before_request(_allow_a_file)


def is_form() -> bool:
    """Return whether the request is a form that can contain a file."""
    return request.mimetype == FORM


def is_too_large() -> bool:
    """Return whether the request announces more than the greatest size."""
    return (request.content_length or 0) > MAX_UPLOAD_BYTES


def sent_file() -> FileStorage | None:
    """Return the file sent as `file`, or None if none was chosen; raises what becomes 413."""
    return next((file for file in request.files.getlist("file") if file.filename), None)


def read_form(model: type[Form]) -> Reading[Form]:
    """Read a form with the text of its file in the place of the file; raises what becomes 413."""
    unknown = {name: value for name, value in request.form.items() if name not in model.model_fields}
    values, repeated = values_of(model, request.form)
    faults = [Fault(f"body, {fault.where}", fault.message, fault.example) for fault in repeated]
    text = ""
    try:
        text = text_of(_only_file())
    except InvalidRequest as error:
        faults = [*error.faults, *faults]
    form = read_body(model, {**unknown, **values, "file": text}, query_examples(model))
    return Reading(form.params, (*faults, *form.faults))


def _only_file() -> FileStorage:
    """Return the file that was sent; raises InvalidRequest unless exactly one was."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise InvalidRequest([NOT_SENT])
    if len(sent) > 1:
        message = f"{len(sent):,} files were sent; one is compared at a time."
        raise InvalidRequest([Fault("file", message, NOT_SENT.example)])
    return sent[0]


def text_of(file: FileStorage) -> str:
    """Return the text of a file; raises InvalidRequest."""
    return read_draft(file.filename or "", file.read())


@contextmanager
def text_of_a_file() -> Iterator[None]:
    """Report the faults of a text that was read from a file as faults of that file."""
    try:
        yield
    except InvalidRequest as error:
        raise InvalidRequest(
            [replace(one, where="file") if one.where == "text" else one for one in error.faults]
        ) from None


def _allow_a_file() -> None:
    if request.endpoint in ENDPOINTS and is_form():
        request.max_content_length = MAX_UPLOAD_BYTES
