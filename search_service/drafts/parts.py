"""Which parts of a description a reader will miss, judged from its wording.

One table: each part with the wording that shows that it is there. A part counts as there as soon as one
of its patterns is found; how often that is right was measured (docs/similar-drafts.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part that a text says nothing of, and what to do about it in one sentence."""

    id: str
    label: str
    advice: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a description, and the wording that shows it."""

    missing: MissingPart
    shown_by: re.Pattern[str]


def _part(key: str, label: str, advice: str, wording: Iterable[str]) -> Part:
    pattern = re.compile(rf"\b(?:{'|'.join(wording)})", re.IGNORECASE)
    return Part(MissingPart(key, label, advice), pattern)


_PEOPLE = (
    r"child(?:ren)?|young (?:people|person|women|men|adults?)|youth|pupils?|students?|teenagers?|girls?|boys?",
    r"victims?|survivors?|offenders?|suspects?|perpetrators?|witness(?:es)?|detainees?|prisoners?|complainants?",
    r"wom[ae]n|m[ae]n|adults?|older people|families|parents?|carers?|residents?|households?|patients?|veterans?",
    r"(?:people|persons?|those|anyone|someone) (?:who|whose|with|at|in|aged|under|over|living|affected)",
    r"officers?|staff|call handlers|professionals|drivers|migrants?|sex workers?|customers?|missing people",
)

PARTS = (
    _part(
        "aim",
        "Aim or problem",
        "Say which problem it answers, and what it is meant to change.",
        (
            r"aim(?:s|ed|ing)?\b",
            r"(?:in order|so as|seeks?|set up|meant|designed|intended|wants?|needed) to\b",
            r"(?:purpose|goal|objective|problem|challenge|concern|need for|gap)s?\b",
            r"to (?:help|reduce|prevent|stop|protect|improve|cut|tackle|support|give|make|keep|find|spot|end|bring"
            r"|identify|divert|catch|offer|raise|strengthen|get|close|break|change|deal|increase|let|lower|build)\b",
            r"because\b|so that\b|too (?:few|many|often|late|little)\b|rarely\b|had no\b|lack(?:s|ed)?\b",
        ),
    ),
    _part(
        "what",
        "What is done",
        "Say what happens, step by step: who does what, when and where.",
        (
            r"(?:visit|meet|train|refer|assess|ask|contact|call|share|record|offer|run|deliver|attend|patrol|support"
            r"|check|send|tell|give|work|screen|identif(?:y|ie)|provide|review|bring|use|set|teach|speak|agree|make"
            r"|go|take|hold|see|follow|arrange|advise|carry|carries|plan|pass|fill|choose|receive|decide|lead|join"
            r"|complete|learn|fit|listen)e?(?:s|es|d|ed)?\b",
            r"(?:sessions?|workshops?|visits?|referrals?|meetings?|training|patrols?|courses?|steps?)\b",
        ),
    ),
    _part(
        "for_whom",
        "Who it is for",
        "Name the people it is for: their age, their situation, and how they come to it.",
        (rf"(?:{group})\b" for group in _PEOPLE),
    ),
    _part(
        "partners",
        "Partners",
        "Name who takes part beside you, or say that you work alone.",
        (
            r"partner(?:s|ship|ships|ed|ing)?\b|multi-?agency|inter-?agency|agenc(?:y|ies)\b|joint(?:ly)?\b",
            r"(?:work|works|working|worked|together|along|jointly|share[sd]?|commissioned|run|delivered|funded) "
            r"(?:closely )?(?:with|alongside|by)\b",
            r"councils?\b|local authorit(?:y|ies)|charit(?:y|ies)\b|NHS\b|health\b|hospitals?\b|schools?\b|probation",
            r"social (?:care|services|workers?)|children's services|housing|universit(?:y|ies)|fire service|college",
            r"youth (?:justice|offending|workers?)|prosecut(?:ors?|ion service)|volunteers?\b|helplines?\b|banks?\b",
            r"Women's Aid|Barnardo's|NSPCC|Victim Support|advocates?\b|advis[eo]rs?\b|nurses?\b|clinic",
        ),
    ),
    _part(
        "outcome",
        "Outcome",
        "Say what should be different for the people it is for, and how anyone would notice.",
        (
            r"(?:fewer|less|safer|better|more|earlier|faster|quicker|greater|higher|lower|improved|reduced|sooner) "
            r"(?!than\b)\w+",
            r"outcomes?\b|result(?:s|ed|ing)?\b|benefits?\b|as a result|so that\b|impact\b",
            r"(?:reduc|prevent|improv|increas|fall|fell|rose|drop|cut|protect|lower)(?:s|e|es|ed|t|ts|tion|tions|ing"
            r"|ped|en)?\b",
        ),
    ),
    _part(
        "evaluation",
        "Evaluation",
        "Say who has looked at whether it works, how, and what they found, or that nobody has yet.",
        (
            r"evaluat\w+|randomi[sz]ed|controlled (?:trial|study)|comparison group|control group|matched",
            r"(?:stud(?:y|ies)|trial|survey(?:s|ed)?|research(?:ers)?|interview(?:s|ed|ees)|analysis|audit"
            r"|inspect(?:ion|ors|orate)|review) (?:of|by|in|at|found|show|with|that|from|took|said|were|was)",
            r"(?:researchers|interviewees|evaluators|universit(?:y|ies)|academics?)\b",
            r"statistically|significan(?:t|tly)\b|compared with\b|before and after\b",
        ),
    ),
    _part(
        "cost",
        "Cost",
        "Say what it takes: money, posts, hours and kit, and who pays.",
        (
            r"cost(?:s|ed|ing|ings)?\b|fund(?:s|ed|ing|er|ers)?\b|budget|pay(?:s|ing)?\b|paid\b|grant(?:s|ed)?\b",
            r"(?:pounds|spend|spent|spending|salar(?:y|ies)|unpaid|invest\w*|price[sd]?|cheap\w*|free of charge)\b",
            r"(?:full|part)[- ]time\b|resources?\b|free (?:to|for)\b",
        ),
    ),
    _part(
        "learning",
        "Learning",
        "Say what helped, what got in the way, and what you would do differently.",
        (
            r"learn(?:t|ed|ing)\b|lessons?\b|recommend\w*|barriers?\b|obstacles?\b|challeng(?:e|es|ing)\b",
            r"(?:difficult(?:y|ies)?|hard|harder|problems?|limits?|limitations?|weak(?:ness|nesses)?|struggled) ?",
            r"(?:helped|hinder(?:s|ed)?|got in the way|worked well|did not work|would (?:do|have)|next time|should"
            r"|depends? on|relie[sd] on|matters?|need(?:s|ed)? (?:to|more)|need|warn(?:s|ed)?|not enough"
            r"|without|key to|essential|crucial)\b",
        ),
    ),
)
"""Every part, in the order in which a description is read."""

_MONEY = "£"


def missing_parts(text: str) -> tuple[MissingPart, ...]:
    """Return the parts that nothing in a text speaks of, in the order of `PARTS`."""
    return tuple(part.missing for part in PARTS if not part.shown_by.search(text))
