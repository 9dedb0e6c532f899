"""The rule kept here: a list of similar practice is narrowed as asked, and says why it is short."""

from __future__ import annotations

import re

import pytest
from draft_files import IDEA, upload
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from profiles import costly
from pydantic import TypeAdapter
from werkzeug.datastructures import MultiDict

from search_service import answers
from search_service.answers.similar import SimilarToText
from search_service.errors import InvalidRequest
from search_service.library import Library
from search_service.practices.model import Practice
from search_service.similar.filter_values import filter_faults
from search_service.similar.filters import ListFilters
from search_service.web.pages import list_filters

STRONG = {"works", "promising"}

FORCE, CHARITY = "durham-constabulary", "nspcc"

LEAVES_NOTHING = {"promising": "yes", "region": "wales", "theme": "fraud"}
"""Filters that no practice like the idea passes."""

RELATED = "/api/v1/practices/philomena-protocol/related"


def passes(practice: Practice, filters: ListFilters) -> bool:
    """Tell by plain reading whether a practice passes filters other than by region."""
    return (
        (not filters.promising or practice.rating in STRONG)
        and not (set(practice.organisations) <= set(filters.not_organisation))
        and (not filters.theme or bool(set(practice.themes) & set(filters.theme)))
    )


@pytest.fixture(scope="module")
def same(library: Library) -> str:
    """Give a draft that is a practice of the collection over again, in its own words."""
    practice = library.practices.by_id("herbert-protocol")
    return f"{practice.summary}\n{practice.sections['what_it_does']}"


# Filters


@costly
@given(data=st.data())
def test_what_is_listed_passes_every_filter_and_what_was_compared_is_counted(
    library: Library, data: st.DataObject
) -> None:
    """From a text, a practice and several; the sentence says the same number."""
    filters = ListFilters(
        promising=data.draw(st.booleans()),
        not_organisation=tuple(data.draw(st.sets(st.sampled_from([FORCE, CHARITY, "missing-people"])))),
        theme=tuple(data.draw(st.sets(st.sampled_from(list(library.taxonomy.labels["theme"])), max_size=3))),
    )
    passing = [one.id for one in library.practices if passes(one, filters)]
    own = {
        "philomena-protocol",
        *(p.id for p in library.practices.versions_of(library.practices.by_id("philomena-protocol"))),
    }
    for answer, compared in (
        (answers.similar_to_text(library, IDEA, filters=filters), len(passing)),
        (
            answers.related_to_practice(library, "philomena-protocol", filters=filters),
            len(set(passing) - own),
        ),
        (
            answers.related_to_set(library, ["philomena-protocol"], filters=filters),
            len(set(passing) - own),
        ),
    ):
        assert {one["id"] for one in answer["results"]} <= set(passing)
        assert answer["compared"] == compared
        assert f"{compared:,}" in answer["sentence"] or not compared


def test_a_region_holds_the_practices_of_its_forces(client: FlaskClient) -> None:
    """As in search; practice of a Welsh force is found under Wales wherever else it is used."""
    found = client.get(f"{RELATED}?region=wales&limit=20").get_json()["results"]
    assert found
    assert {one["id"] for one in found} < {
        one["id"] for one in client.get("/api/v1/search?region=wales&per_page=100").get_json()["results"]
    }


def test_what_others_run_too_stays_where_mine_is_left_out(library: Library) -> None:
    """Only what my organisation alone runs is old news to me."""
    filters = ListFilters(not_organisation=("police-scotland",))
    text = f"{IDEA} An app tells users nearby when a person with dementia is missing."
    listed = answers.similar_to_text(library, text, 20, filters)["results"]
    runs = [{one["id"] for one in result["organisations"]} for result in listed]
    assert {"police-scotland"} not in runs
    assert any("police-scotland" in organisations for organisations in runs)


def test_every_fault_of_the_filters_is_named_at_once_with_an_example(client: FlaskClient) -> None:
    """Of an address; unknown ids are named, and one that begins the same is offered."""
    asked = f"{RELATED}?promising=perhaps&region=atlantis&theme=missing&not_organisation=kent-polis&limit=99"
    faults = {fault["where"]: fault for fault in client.get(asked).get_json()["errors"]}
    assert set(faults) == {"promising", "region", "theme", "not_organisation", "limit"}
    assert "“atlantis”" in faults["region"]["message"]
    assert faults["theme"]["example"] == "missing-people"
    assert "kent-police" in faults["not_organisation"]["example"]
    assert "yes" in faults["promising"]["example"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": "two words", "region": ["atlantis"], "theme": ["nope"]}, {"text", "region", "theme"}),
        ({"text": IDEA, "limit": 99, "region": ["atlantis"]}, {"limit", "region"}),
        ({"text": IDEA, "limit": "ten", "theme": ["nope", 7]}, {"body, limit", "body, theme 2", "theme"}),
        ({"text": "x" * 50_001, "region": ["atlantis"]}, {"text", "region"}),
        ({"text": IDEA, "promising": "perhaps", "region": "wales"}, {"body, promising", "body, region"}),
    ],
)
def test_faults_of_a_text_and_of_its_filters_come_together(
    client: FlaskClient, body: dict[str, object], where: set[str]
) -> None:
    """Nobody has to send a text three times to learn three things."""
    response = client.post("/api/v1/similar", json=body)
    assert response.status_code == 422
    assert {fault["where"] for fault in response.get_json()["errors"]} == where
    assert all(fault["message"] for fault in response.get_json()["errors"])


def test_faults_of_a_file_and_of_its_filters_come_together(client: FlaskClient) -> None:
    """The same of a form."""
    sent = upload("photo.jpg", b"x", region="atlantis", theme="fraud")
    faults = client.post("/api/v1/similar", **sent).get_json()["errors"]
    assert {fault["where"] for fault in faults} == {"file", "region"}


def test_a_file_takes_filters_as_a_text_does(client: FlaskClient) -> None:
    """Given once or more, in a form as in JSON."""
    lists = {"theme": ["missing-people", "fraud"], "region": ["wales"]}
    as_json = client.post("/api/v1/similar", json={"text": IDEA, "promising": True, **lists}).get_json()
    sent = upload("draft.txt", IDEA.encode(), promising="yes", **lists)
    as_file = client.post("/api/v1/similar", **sent).get_json()
    assert as_json["filters"]
    assert as_file == as_json
    TypeAdapter(SimilarToText).validate_python(as_json)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["promising", "region", "theme", "not_organisation", "without", "text", "x"]),
            st.text(max_size=12) | st.sampled_from(["yes", "wales", "fraud", "kent-police", "region theme"]),
        ),
        max_size=12,
    )
)
def test_whatever_a_form_holds_its_filters_can_be_used(
    library: Library, pairs: list[tuple[str, str]]
) -> None:
    """What cannot be read is a fault, and takes nothing from the rest."""
    given_filters = MultiDict(pairs)
    read = list_filters.read(library, given_filters)
    assert filter_faults(read.filters, library.taxonomy) == []
    assert all(fault.message for fault in read.faults)
    off = {name for value in given_filters.getlist("without") for name in value.split()}
    regions = [value for value in given_filters.getlist("region") if value]
    expected = [key for key in dict.fromkeys(regions) if key in library.taxonomy.labels["region"]]
    assert list(read.filters.region) == ([] if "region" in off else expected)


# What is said of the list


def test_a_filter_that_leaves_nothing_is_offered_to_be_taken_off(client: FlaskClient) -> None:
    """With what there would be without it, and nothing is offered that would not help."""
    asked = {"text": IDEA, "promising": True}
    answer = client.post("/api/v1/similar", json={**asked, "theme": ["fraud"]}).get_json()
    assert answer["results"] == []
    offers = {tuple(one["filters"]): one["results"] for one in answer["without"]}
    assert offers.keys() == {("theme",), ("promising", "theme")}
    alone = client.post("/api/v1/similar", json=asked).get_json()
    assert offers["theme",] == len(alone["results"])


def test_a_short_list_says_why(library: Library) -> None:
    """One practice, a few, as many as asked for, and none that passes."""
    few = answers.related_to_practice(library, "philomena-protocol", 20, ListFilters(region=("wales",)))
    listed = len(few["results"])
    assert f"Only {listed} {'reaches' if listed == 1 else 'reach'} that." in few["sentence"]
    assert f"the {few['compared']} of" in few["sentence"]
    full = answers.related_to_practice(library, "philomena-protocol", 3)
    assert "Only" not in full["sentence"]
    assert "is not shown: below 0." in full["sentence"]
    nobody = ListFilters(region=("northern-ireland",), theme=("fraud",), promising=True)
    assert "passes the filters" in answers.similar_to_text(library, IDEA, filters=nobody)["sentence"]


def test_main_words_lead_to_practice_where_nothing_is_alike(client: FlaskClient) -> None:
    """They are words that the collection knows, so the search they are offered for finds something."""
    filters = {"theme": ["fraud"], "region": ["northern-ireland"], "promising": "yes"}
    answer = client.post("/api/v1/similar", json={"text": IDEA, **filters}).get_json()
    assert answer["results"] == []
    page = client.post("/similar", data={"text": IDEA, **filters}).get_data(as_text=True)
    (link,) = re.findall(r'href="(/search\?q=[^"]+)"', page)
    assert client.get(link.replace("/search", "/api/v1/search")).get_json()["total"] > 0


def test_a_text_of_which_no_word_is_known_is_asked_for_plainer_words(client: FlaskClient) -> None:
    """There is no search to offer then."""
    page = client.post("/similar", data={"text": "Gluon propagators, lattice fermions, hadrons, bosons."})
    assert "Describe it again in plain words" in page.get_data(as_text=True)


def test_a_text_of_which_no_word_is_known_is_said_to_share_none(client: FlaskClient) -> None:
    """Not that “only 0 are compared”."""
    answer = client.post(
        "/api/v1/similar", json={"text": "Gluon propagators, lattice fermions, hadrons, bosons."}
    )
    assert "practices use none of them" in answer.get_json()["sentence"]


def test_the_others_that_a_practice_is_compared_with_are_called_so(client: FlaskClient) -> None:
    """There are 260 practices; a list that is for one of them is made from fewer."""
    about = client.get("/api/v1/practices/operation-encompass/related").get_json()
    assert f"Compared with all {about['compared']} other practices." in about["sentence"]


def test_a_text_on_something_else_is_said_to_be_alike_by_chance(client: FlaskClient) -> None:
    """Of its words practices use few, so whatever is listed rests on those."""
    bread = (
        "We bake bread and cakes for the village fair, and sell them from a tent by the church to pay for it."
    )
    answer = client.post("/api/v1/similar", json={"text": bread}).get_json()
    assert 0 < answer["words_known"] < answer["words"] / 2
    assert f"only {answer['words_known']} are compared" in answer["sentence"]
    assert "by chance" in client.post("/similar", data={"text": bread}).get_data(as_text=True)
    assert "by chance" not in client.post("/similar", data={"text": IDEA}).get_data(as_text=True)


# Who else runs it


def test_every_version_of_a_card_is_linked(client: FlaskClient) -> None:
    """It is one link away, whoever runs it."""
    answer = client.get(f"{RELATED}?limit=20").get_json()
    page = client.get("/practices/philomena-protocol/related").get_data(as_text=True)
    found = [variant["id"] for one in answer["results"] for variant in one["variants"]]
    assert found
    assert all(f'href="/practices/{key}"' in page for key in found)


# A draft of what is already here


def test_a_draft_of_what_is_here_is_told_so_first(client: FlaskClient, library: Library, same: str) -> None:
    """With title, organisation, year, and what to do; before any list."""
    page = client.post("/similar", data={"text": same}).get_data(as_text=True)
    practice = library.practices.by_id("herbert-protocol")
    notice = page[page.index("Is this already here?") : page.index('id="list"')]
    assert practice.title in notice
    assert f"({library.taxonomy.label('organisation', practice.organisations[0])}, {practice.year})" in notice
    for advice in ("cite", "get in touch", "what is new"):
        assert advice in notice


def test_a_filter_does_not_hide_that_it_is_already_here(client: FlaskClient, same: str) -> None:
    """What is left out of the list is said all the same."""
    body = {"text": same, "theme": ["fraud"]}
    answer = client.post("/api/v1/similar", json=body).get_json()
    assert "herbert-protocol" not in {one["id"] for one in answer["results"]}
    assert "herbert-protocol" in {one["id"] for one in answer["same_initiative"]}


def test_a_new_idea_is_not_said_to_be_here(client: FlaskClient) -> None:
    """No notice where nothing is the same."""
    text = "Officers on horses ride by schools at the end of the day, and pupils who carry knives are seen."
    page = client.post("/similar", data={"text": text}).get_data(as_text=True)
    assert "<article" in page
    assert "Is this already here?" not in page


# Pages


def test_a_card_says_what_decides_whether_to_read_on(client: FlaskClient) -> None:
    """Evidence and stage in words, partners, the passages, and what to check."""
    answer = client.post("/api/v1/similar", json={"text": IDEA}).get_json()["results"][0]
    page = client.post("/similar", data={"text": IDEA}).get_data(as_text=True)
    card = page[page.index("<article") : page.index("</article>")]
    assert answer["evidence"]["label"] in card
    assert answer["stage"]["label"] in card
    assert answer["partners"][0]["label"] in card
    assert "<dt>Your text</dt>" in card
    assert "<dt>This practice</dt>" in card
    for list_name in ("target group", "scale", "evidence", "stage"):
        assert f"{list_name} (" in card[card.index("Check against yours") :]


def test_shared_partners_are_a_reason(client: FlaskClient) -> None:
    """Who takes part is half of whether one can do it too."""
    assert "Shared partners:" in client.get("/practices/philomena-protocol/related").get_data(as_text=True)


def test_the_short_list_leads_to_the_whole_one(client: FlaskClient) -> None:
    """A practice's page shows a few; all of them and the filters are a link away."""
    page = client.get("/practices/philomena-protocol").get_data(as_text=True)
    assert 'href="/practices/philomena-protocol/related"' in page
    whole = client.get("/practices/philomena-protocol/related").get_data(as_text=True)
    assert whole.count("<article") > page.count("<article")


def test_the_whole_list_is_narrowed_by_its_address_and_each_filter_comes_off(client: FlaskClient) -> None:
    """What is chosen stands in the form again, and in a link that leads back without it."""
    chosen = "promising=yes&theme=missing-people&not_organisation=kent-police"
    page = client.get(f"/practices/philomena-protocol/related?{chosen}").get_data(as_text=True)
    assert re.search(r'id="promising"[^>]* checked', page)
    assert re.search(r'id="theme-missing-people"[^>]* checked', page)
    assert re.search(r'name="not_organisation" value="kent-police" checked', page)
    links = re.findall(r'href="(/practices/philomena-protocol/related\?[^"]*)"', page)
    assert any("promising" not in link and "theme=missing-people" in link for link in links)


def test_a_wrong_address_of_the_whole_list_says_what_is_wrong_and_lists_the_rest(client: FlaskClient) -> None:
    """A mistyped id costs nobody the page."""
    response = client.get("/practices/philomena-protocol/related?region=atlantis&theme=missing-people&utm=1")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "“atlantis”" in page
    assert '<a href="#region">Region</a>' in page
    assert "<article" in page
    assert client.get("/practices/nothing-such/related").status_code == 404


def test_filters_go_with_a_pasted_text(client: FlaskClient) -> None:
    """The one form holds both, and shows again what was chosen."""
    sent = {
        "text": IDEA,
        "promising": "yes",
        "region": ["wales", "scotland"],
        "not_organisation": ["", FORCE],
    }
    page = client.post("/similar", data=sent).get_data(as_text=True)
    assert re.search(r'form="draft" id="promising"[^>]* checked', page)
    assert re.search(r'id="region-scotland"[^>]* checked', page)
    assert "Not run by Durham Constabulary alone" in page
    assert re.search(rf"<textarea[^>]*>\s*{IDEA}", page)


def test_a_button_takes_a_filter_off_a_pasted_text(client: FlaskClient) -> None:
    """Pressed where the filters leave nothing, with the boxes still ticked as they were."""
    page = client.post("/similar", data={"text": IDEA, **LEAVES_NOTHING}).get_data(as_text=True)
    assert "Nothing here is enough like your text" in page
    buttons = re.findall(r'name="without" value="([^"]+)" class="choose"', page)
    assert "promising region theme" in buttons
    for taken_off in buttons:
        again = client.post("/similar", data={"text": IDEA, **LEAVES_NOTHING, "without": taken_off})
        assert "<article" in again.get_data(as_text=True)


def test_wrong_filters_and_a_wrong_text_are_explained_together(client: FlaskClient) -> None:
    """Each at its field, and the text is not lost."""
    response = client.post(
        "/similar", data={"text": "only words", "region": "atlantis", "promising": "perhaps"}
    )
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    for link in ('<a href="#text">', '<a href="#region">', '<a href="#promising">'):
        assert link in page
    assert re.search(r"<textarea[^>]*>\s*only words", page)


def test_the_page_goes_from_what_is_here_to_what_is_missing(client: FlaskClient, same: str) -> None:
    """The order for a reader in a hurry, with links to each part."""
    page = client.post("/similar", data={"text": same}).get_data(as_text=True)
    parts = ["Is this already here?", 'id="list"', 'id="themes"', 'id="missing"', 'id="change"']
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    for part in ("list", "themes", "missing", "change"):
        assert f'href="#{part}"' in page[: places[0]]


def test_what_a_shortlist_is_like_is_narrowed_too(client: FlaskClient) -> None:
    """The list of practices stays, and only what is like them is narrowed."""
    address = "/shortlist?id=operation-encompass&id=philomena-protocol"
    page = client.get(f"{address}&promising=yes").get_data(as_text=True)
    related = page[page.index("Practice like these") :]
    assert "Shortlist of 2 practices" in page
    assert "badge-promising" in related
    assert "badge-untested" not in related
    assert client.get(f"{address}&theme=nope").status_code == 422


def test_the_library_names_every_fault_of_a_text_at_once(library: Library) -> None:
    """Whoever asks, and however long the text is."""
    with pytest.raises(InvalidRequest) as caught:
        library.similar.to_text("two words", 0, ListFilters(region=("atlantis",)))
    assert {fault.where for fault in caught.value.faults} == {"limit", "text", "region"}
