"""The rule kept here: a draft of something that is already done elsewhere brings those who do it first.

The drafts are invented, and describe what nobody is known to do; each stands close to three practices of the
shipped corpus, of which it repeats no sentence.
"""

from __future__ import annotations

import pytest

from search_service.library import Library

CUSTODY_MENTORS = """
We want to place two mentors in the cells of our busiest station from Thursday to Sunday. They are not
police staff: one comes from the youth offending team and one from a local boxing charity. Whoever is under
25 and has been booked in may speak to them before going home, in private, and nothing they say goes into
the interview. The mentors ask what led to the arrest, whether the young adult has a job, a bed and somebody
to turn to, and whether an older group is pushing them. If they agree, the same mentor phones within forty-
eight hours of their release and stays with them for twelve weeks: appointments, a college place, a gym,
talks with the family. We think that being locked up is a moment when people are open to change. We would
count how many say yes, and how many are back in custody within a year, against the cells in the next
county.
"""

CUCKOOING = """
Drug dealers move into the flats of tenants who live alone, often people with a learning disability or an
addiction, and use them as a base. Our neighbourhood team, the housing association and adult social care would
look at each suspected address together every fortnight. Officers get a one-page checklist of the signs of
cuckooing and a score to agree how great the danger is. A support worker then visits beside the officer, wins
the tenant's trust and helps with locks, debts, treatment and benefits. Where the gang keeps coming back, the
council's lawyer asks the court to close the property to everybody except the resident, so that they need not
lose their tenancy. Leaflets for neighbours and caretakers say what to look for and whom to ring. We expect
fewer evictions of exploited adults, and fewer addresses taken over a second time.
"""

TAGS = """
Burglars and car thieves who come out of jail would have to wear an electronic ankle tag as a condition of
their release on licence. The tag follows by satellite where the wearer goes; each morning software lays the
trail over the crimes recorded overnight, and a match is passed to the offender manager and to detectives. The
probation officer may also set a curfew or keep the wearer out of a street or away from an address. For those
who offend when drunk the court can order another tag, which measures alcohol through the skin. Breaches are
dealt with within a day, up to recall to prison. We would begin in two probation areas with about a hundred
people for six months, and compare new offences and breaches with people released there the year before who
were not monitored. Wearers will be asked whether the tag helped them to stay away from old friends.
"""

DRAFTS = (
    (CUSTODY_MENTORS, {"divert-custody-london", "engage-custody-london", "plan-b-custody-navigators"}),
    (
        CUCKOOING,
        {
            "cuckooing-outreach-service-surrey",
            "cuckooing-victimisation-toolkit",
            "partial-closure-orders-cuckooing",
        },
    ),
    (TAGS, {"gps-tagging-knife-crime-london", "domestic-abuse-tagging-on-licence", "sobriety-tags-london"}),
)


@pytest.mark.parametrize(("draft", "known"), DRAFTS, ids=["custody mentors", "cuckooing", "tags"])
def test_an_invented_draft_brings_its_three_known_practices_first(
    library: Library, draft: str, known: set[str]
) -> None:
    """In whatever order among themselves."""
    assert 100 <= len(draft.split()) <= 200
    found = library.similar.to_text(draft).similar.found
    assert {library.practices[one.row].id for one in found[:3]} == known


@pytest.mark.parametrize(("draft", "known"), DRAFTS, ids=["custody mentors", "cuckooing", "tags"])
def test_a_draft_of_something_alike_is_not_taken_for_the_same_initiative(
    library: Library, draft: str, known: set[str]
) -> None:
    """And what is shown of each is a sentence of the draft beside one of the practice."""
    for one in library.similar.to_text(draft).similar.found:
        assert not one.same_initiative
        if library.practices[one.row].id in known:
            assert one.passages is not None
            assert one.passages.here in " ".join(draft.split())
