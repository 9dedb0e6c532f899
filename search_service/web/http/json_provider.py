"""JSON as it is sent: written by orjson, since writing took a fifth of the time of a search."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider


class JsonAnswers(DefaultJSONProvider):
    """Flask's own way of reading and writing JSON, but for answers."""

    sort_keys = False

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Return the answer that `jsonify` was asked for.

        Half of a character of two parts, which only a body of JSON can hold, is not UTF-8 and refused by
        orjson; the standard library writes it as it came, escaped.
        """
        value = self._prepare_response_obj(args, kwargs)
        try:
            text = orjson.dumps(value)
        except orjson.JSONEncodeError:
            text = self.dumps(value).encode()
        return Response(text, mimetype=self.mimetype)
