"""YAML text in, plain values out: the part of YAML that a corpus needs.

Values are built from the parser's events. Dangerous input is refused on the way: a few anchors can expand
into gigabytes, a tag (!!int) can force a value that its constructor fails on, deep nesting overflows the
stack, and of a repeated key YAML itself silently keeps the last.
"""

from __future__ import annotations

from typing import Any

import yaml

MAX_NESTING = 20
"""Lists within lists: a corpus needs four; thousands would overflow the stack of the YAML parser."""

MAX_NUMBER_LENGTH = 100
"""Longer than any number or date. YAML has numbers in sixtieths (1:1:1); a megabyte of one takes an hour."""

_TOO_DEEP = f"there are more than {MAX_NESTING} lists within lists", "themes: [one, two]"
_STRING = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> Any:
    """Return the value of a YAML text, None if it is empty.

    Raises yaml.YAMLError, with a mark if the place is known and a note with a right example.
    """
    reader = _Reader(text)
    try:
        return reader.document()
    except yaml.scanner.ScannerError as error:
        # From PyYAML 6.0.4 on the scanner, which reads up to 1,024 characters ahead, can meet its own bound
        # on nesting (1,000) before it has given a single event.
        if "nesting depth" not in str(error.problem):
            raise
        raise _refusal(*_TOO_DEEP, error.problem_mark) from None
    finally:
        reader.loader.dispose()


class _Reader:
    """Builds the value of one text."""

    def __init__(self, text: str) -> None:
        self.loader: Any = yaml.CSafeLoader(text)  # its stubs are of the slow loader, written in Python

    def document(self) -> Any:
        """Return the value of the only document."""
        next_event = self.loader.get_event
        next_event()  # the stream begins
        start = next_event()
        if isinstance(start, yaml.StreamEndEvent):
            return None
        value = self._value(next_event(), 0)
        next_event()  # the document ends
        following = next_event()
        if not isinstance(following, yaml.StreamEndEvent):
            raise _refusal("there is a second document; a file holds one", "themes:", following.start_mark)
        return value

    def _value(self, event: Any, depth: int) -> Any:
        """Return the value that begins with `event`, within `depth` lists or mappings."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            message = "names for repeating a value (&name, *name) are not used here; write the value again"
            raise _refusal(message, "regions: [north-east]", event.start_mark)
        if event.tag is not None:
            message = (
                'tags (!name) are not used here; text that begins with "!" must stand in quotation marks'
            )
            raise _refusal(message, 'title: "!Stop"', event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth == MAX_NESTING:
            raise _refusal(*_TOO_DEEP, event.start_mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth + 1)
        return self._mapping(depth + 1)

    def _scalar(self, event: Any) -> Any:
        """Return a scalar by YAML's rules; raises a located error for one that only looks like a date."""
        value = event.value
        if not event.implicit[0]:
            return value  # quoted
        tag = self.loader.resolve(yaml.ScalarNode, value, event.implicit)
        if tag == _STRING:
            return value
        if len(value) > MAX_NUMBER_LENGTH:
            message = f"“{value[:80]}…” is no number that is used here"
            raise _refusal(message, "quote text that looks like a number", event.start_mark)
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, value, event.start_mark))
        except ValueError as error:
            message = f"“{value[:80]}”: {error}; a date must stand in quotation marks"
            raise _refusal(message, 'start: "2011-02"', event.start_mark) from None

    def _sequence(self, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            values.append(self._value(event, depth))
        return values

    def _mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self._value(event, depth)
            if not isinstance(key, str):
                message = f"“{key}” cannot be a key; quote it"
                raise _refusal(message, '"2011": 3', event.start_mark)
            if key in values:
                raise _refusal(
                    f"“{key}” is given twice; several values make one list",
                    "regions: [north-east, wales]",
                    event.start_mark,
                )
            values[key] = self._value(self.loader.get_event(), depth)
        return values


def _refusal(message: str, example: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=message, problem_mark=mark, note=example)
