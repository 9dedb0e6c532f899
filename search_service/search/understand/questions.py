"""Questions: what a person asks about, without the words they ask it with.

"What works to stop knife crime?" asks about knife crime. The words of the asking stand in many practices
("work", "evidence", "police") and would rank by chance. They are passed over only at the beginning of a
question, or at its end, and only where something is left to ask about.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WHO = "(?:anyone|anybody|someone|somebody|other forces|any (?:other )?(?:forces?|police|areas?))"
_DONE = "(?:tried|try|used|use|done|do|got|get|had|have|heard of|know of|know|run)"
_WE = "(?:i|we|you|police|officers|a force|forces|people|others)"
_STOP = "(?:stop(?:ping)?|prevent(?:ing)?|reduc(?:e|ing)|tackl(?:e|ing)|deal(?:ing)? with)"
_ON = "(?:on|for|of|about|that|behind|with|in|around|to)"
_ANY = "(?:is there (?:any |good |some )?|what is the |what's the |what )"

_PATTERNS = (
    f"what (?:actually |really )?works(?: best)?(?: (?:to {_STOP}|to|for|with|in|against|on|about))?",
    f"what (?:is|are) the best ways? (?:to {_STOP}|to|of)",
    f"{_ANY}evidence(?: base)?(?: is there)? {_ON}",
    "how (?:effective|successful) (?:is|are|was|were)",
    f"(?:has|have|did|does|do) {_WHO} {_DONE}",
    r"(?:does|do|did|is|are|will)(?= .+ (?:works?|working|effective)\W*$)",
    "(?:what|which) (?:do|are|have) (?:other )?(?:forces|police) (?:do|doing|done|tried|use|used)",
    "(?:what|which) (?:other )?forces (?:have|are|use|do)",
    f"how (?:do|can|could|should|would|might) {_WE}(?: best)?(?: {_STOP})?",
    f"how to(?: {_STOP})?",
    f"(?:(?:i am|i'm|we are|we're) )?looking for(?: (?:examples|ideas|something|anything|practice) {_ON})?",
    "(?:any )?(?:examples?|ideas) (?:of|on|for)",
    f"(?:good|best|promising) practice {_ON}",
)
"""How questions begin. Each is asked in the collection's own words by nobody, and begins no title."""

_OPENINGS = re.compile(rf"(?:{'|'.join(_PATTERNS)})(?=\s|$)", re.IGNORECASE)
_ENDING = re.compile(
    r"\s(?:that\ )?(?:actually |really )?(?:work|works|working|effective)\W*$", re.IGNORECASE
)
_EVIDENCE = re.compile(
    r"\b(?:what (?:\w+ )?works|evidence(?!:)|evaluated|evaluations?|proven|effective|rct|randomised)\b",
    re.IGNORECASE,
)
_DOES_IT_WORK = re.compile(r"^(?:does|do|did|is|are|will)\b", re.IGNORECASE)


class Question(NamedTuple):
    """What is asked about, the words of the asking (in order), and whether it asks what is known to work."""

    about: str
    asking: str
    asks_evidence: bool


def read_question(text: str) -> Question:
    """Cut a question into what it is about and the words it is asked with; other text is left whole."""
    asks_evidence = bool(_EVIDENCE.search(text))
    opening = _OPENINGS.match(text)
    if opening is None:
        return Question(text, "", asks_evidence)
    about, asking = text[opening.end() :], opening[0]
    if _DOES_IT_WORK.match(opening[0]) and (ending := _ENDING.search(about)):
        about, asking, asks_evidence = about[: ending.start()], asking + ending[0], True
    if not any(map(str.isalnum, about)):
        return Question(text, "", asks_evidence)
    return Question(about.strip(), asking, asks_evidence)
