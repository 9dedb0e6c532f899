"""The parts that a description lacks, judged from its wording.

A part is present if any of its patterns is found; docs/similar-drafts.md gives the measured error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a description: what to write if it is missing, and the wording that shows it."""

    id: str
    label: str
    advice: str
    wording: re.Pattern[str]


def _part(key: str, label: str, advice: str, wording: Iterable[str]) -> Part:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wording)})", re.IGNORECASE | re.MULTILINE)
    return Part(key, label, advice, pattern)


_PEOPLE = (
    r"child(?:ren)?|young (?:people|person|women|men|adults?)|youth|pupils?|students?|teenagers?|girls?"
    r"|boys?",
    r"victims?|survivors?|offenders?|suspects?|perpetrators?|witness(?:es)?|detainees?|prisoners?"
    r"|complainants?",
    r"wom[ae]n|m[ae]n|adults?|older people|families|parents?|carers?|residents?|households?|patients?"
    r"|veterans?",
    r"(?:people|persons?|those|anyone|someone) (?:who|whose|with|at|in|aged|under|over|living|affected)",
    r"officers?|staff|call handlers|professionals|drivers|migrants?|sex workers?|customers?|missing people",
)

PARTS = (
    _part(
        "aim",
        "Aim or problem",
        "Say which problem it answers, and what it is meant to change.",
        (
            r"^\W{0,3}to (?!\d)\w+",  # the usual first words of an aim
            r"(?:aim(?:s|ed|ing)?|purpose|goals?|objectives?|problem|concern(?:s|ed)? (?:about|that|over))\b",
            r"(?:in order|so as|seeks?|set up|meant|designed|intended|wants?|hopes?|needed) to\b",
            r"to (?:help|reduce|prevent|stop|protect|improve|cut|tackle|address|end|strengthen|deter"
            r"|close) \w",
            r"(?:because|too (?:few|many|often|late|little)|rarely|had no|lack(?:s|ed)?|gaps?)\b",
        ),
    ),
    _part(
        "what",
        "What is done",
        "Say what happens, step by step: who does what, when and where.",
        (
            r"(?:visit|meet|phone|call|train|refer|assess|ask|contact|record|deliver|attend|patrol|check"
            r"|send|tell|screen|speak|identif(?:y|ie)|review|teach|arrange|advise|carry|carrie|pass|fill"
            r"|receive|complete|listen|fit|join|agree|share)(?:s|es|d|ed|ped|red|red|ted|ing)?\b",
            r"(?:sessions?|workshops?|referrals?|meetings?|courses?|call handlers?|tells?|told|met|taught"
            r"|sent)\b",
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
            r"(?:work|works|working|worked|together|along|jointly|share[sd]?|commissioned|run|delivered"
            r"|funded) (?:closely )?(?:with|alongside|by)\b",
            r"councils?\b|local authorit(?:y|ies)|charit(?:y|ies)\b|NHS\b|health\b|hospitals?\b|schools?\b"
            r"|probation",
            r"social (?:care|services|workers?)|children's services|housing|universit(?:y|ies)|fire service"
            r"|college",
            r"youth (?:justice|offending|workers?)|prosecut(?:ors?|ion service)|volunteers?\b|helplines?\b"
            r"|banks?\b",
            r"Women's Aid|Barnardo's|NSPCC|Victim Support|advocates?\b|advis[eo]rs?\b|nurses?\b|clinic",
        ),
    ),
    _part(
        "outcome",
        "Outcome",
        "Say what should be different for the people it is for, and how anyone would notice.",
        (
            r"(?:fewer|less|safer|better|more|earlier|faster|quicker|greater(?! manchester)|improved"
            r"|reduced|sooner|higher|lower) (?!than\b)\w+",
            r"(?:outcomes?|results?|resulted|benefits?|impact|as a result|in the end)\b",
            r"(?:reduc|prevent|improv|increas|fall|fell|rose|drop|cut|protect|lower)(?:s|e|es|ed|t|ts|tion"
            r"|tions|ing|ped|en)?\b",
        ),
    ),
    _part(
        "evaluation",
        "Evaluation",
        "Say who has looked at whether it works, how, and what they found, or that nobody has yet.",
        (
            r"evaluat\w+|randomi[sz]ed|control(?:led (?:trial|study)|s\b| group)|comparison (?:group|area)",
            r"(?:stud(?:y|ies)|trial|survey(?:s|ed)?|research(?:ers)?|interview(?:s|ed|ees)|analysis|audit"
            r"|inspect(?:ion|ors|orate)) (?:of|by|in|at|found|show|with|that|from|took|said|were|was)",
            r"(?:researchers|interviewees|reviewers|academics?|statistically|significantly"
            r"|before and after)\b",
            r"compared with\b|feedback\b|in the trial\b",
        ),
    ),
    _part(
        "cost",
        "Cost",
        "Say what it takes: money, posts, hours and kit, and who pays.",
        (
            r"£ ?\d|cost(?:s|ed|ing|ings)?\b|fund(?:s|ed|ing)?\b|budget|pays? for|paid (?:for|by)|grants?\b",
            r"(?:pounds|spend|spent|spending|salar(?:y|ies)|unpaid|invested|investment|overtime|cheap(?:er"
            r"|ly)?)\b",
            r"(?:full|part)[- ]time (?:post|worker|staff|officer)|resources?\b|staff time",
            r"free (?:to|for|of charge)\b",
        ),
    ),
    _part(
        "learning",
        "Learning",
        "Say what helped, what got in the way, and what you would do differently.",
        (
            r"(?:learn(?:t|ed) that|learning|lessons?|recommend\w*|barriers?|obstacles?|challenges"
            r"|drawbacks?)\b",
            r"(?:difficult(?:y|ies)?|hard(?:er)?|problems?|limits?|limitations?|weak(?:ness|nesses)?"
            r"|struggled)\b",
            r"(?:slow to|delay(?:s|ed)?|too (?:small|few|little|late)|not enough|did not work|matter(?:s"
            r"|ed))\b",
            r"(?:what helped|helps or hinders|hinder(?:s|ed)?|got in the way|worked (?:well|best)"
            r"|next time)\b",
            r"(?:would (?:do|have)|should|depends? on|relie[sd] on|needs?|needed to|warn(?:s|ed)?|key to)\b",
            r"(?:essential|crucial|regrets?|stress(?:es|ed)|said that|vary|varies|however|although)\b",
        ),
    ),
)
"""Every part, in reading order."""


def missing_parts(text: str) -> tuple[Part, ...]:
    """Return the parts that a text does not mention, in reading order."""
    return tuple(part for part in PARTS if not part.wording.search(text))
