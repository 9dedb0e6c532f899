"""Questions: the topic of a question without the words that make it a question.

"What works to stop knife crime?" is about knife crime. The question words are in many practices ("work",
"evidence", "police") and would rank by chance. They are ignored only at the beginning or the end of a
question, and only if a topic is left.
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
"""How questions begin. None is the wording of a practice, or the beginning of a title."""

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
    """The topic, the question words (in order), and whether it asks what is known to work."""

    topic: str
    words: str
    asks_evidence: bool


def read_question(text: str) -> Question:
    """Split a question into its topic and its question words; other text is all topic."""
    asks_evidence = bool(_EVIDENCE.search(text))
    opening = _OPENINGS.match(text)
    if opening is None:
        return Question(text, "", asks_evidence)
    topic, words = text[opening.end() :], opening[0]
    if _DOES_IT_WORK.match(opening[0]) and (ending := _ENDING.search(topic)):
        topic, words, asks_evidence = topic[: ending.start()], words + ending[0], True
    if not any(map(str.isalnum, topic)):
        return Question(text, "", asks_evidence)
    return Question(topic.strip(), words, asks_evidence)
