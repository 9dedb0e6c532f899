"""The rule kept here: a reference of one's own is read whole or refused whole, with every fault at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import Fault, InvalidRequest
from search_service.gaps.own_reference import MAX_CHARACTERS, MAX_ROWS, Row, from_csv, from_rows

THEMES = {"stalking": "Stalking and harassment", "fraud": "Fraud", "missing": "Missing people"}


def faults_of(text: str) -> list[Fault]:
    """Return the faults of a text that must not be accepted."""
    with pytest.raises(InvalidRequest) as caught:
        from_csv(text, THEMES)
    return list(caught.value.faults)


def test_themes_are_read_by_id_or_name_with_source_and_year() -> None:
    """What a person writes is taken, whichever of the two names they know."""
    own = from_csv("theme,weight,source,year\nstalking,3,ONS,2024\nmissing people,1.5,,\n", THEMES)
    assert own.weigh(THEMES) == {"stalking": 3.0, "missing": 1.5}
    assert [(one.theme, one.source, one.year) for one in own.weights] == [
        ("stalking", "ONS", "2024"),
        ("missing", "", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "theme;weight\r\nfraud;2\r\n",
        "theme\tweight\nfraud\t2\n",
        "\ufefftheme,weight\nfraud,2",
        "\n\nWeight,Theme\n\n2,Fraud\n,\n",
        'theme,weight\n"fraud"," 2 "\n',
    ],
)
def test_files_of_other_programs_are_read(text: str) -> None:
    """Semicolons, tabs, a mark at the start, empty lines, quotes and any order of columns."""
    assert from_csv(text, THEMES).weigh(THEMES) == {"fraud": 2.0}


def test_every_fault_is_said_at_once_with_its_line() -> None:
    """Nothing is found only after something else has been mended."""
    text = 'theme,weight\nstalking,-1\nnobody,2\nfraud,"1,200"\nFraud,3\nmissing,1,2\n,4\nmissing,\n'
    assert [(fault.where, fault.message.split(";")[0]) for fault in faults_of(text)] == [
        ("line 2", "the weight “-1” is not a number of 0 or more"),
        ("line 3", "“nobody” is not one of the themes."),
        ("line 4", "the weight “1,200” is not a number of 0 or more"),
        ("line 5", "the theme “Fraud” is given twice, first on line 4"),
        ("line 6", "it has 3 cells where the heading has 2"),
        ("line 7", "the theme is missing."),
        ("line 8", "the weight is missing"),
    ]
    assert all(fault.example for fault in faults_of(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("theme,weight\n", "at least one theme needs a weight above 0"),
        ("theme,weight\nfraud,0\n", "at least one theme needs a weight above 0"),
        ("theme,share\nfraud,1\n", "there is no column “weight”"),
        ("theme,weight,colour\nfraud,1,red\n", "the column “colour” is not known"),
        ("theme,weight,weight\nfraud,1,1\n", "the column “weight” is there twice"),
        ('theme,weight\nfraud,"1\n', "this is not CSV"),
        ("x" * (MAX_CHARACTERS + 1), "at most 100,000 are read"),
        ("theme,weight\n" + "fraud,1\n" * (MAX_ROWS + 1), "more than 1,000 lines"),
    ],
)
def test_what_is_no_reference_is_named(text: str, said: str) -> None:
    """Each kind of wrong file has its own message."""
    assert said in " ".join(str(fault) for fault in faults_of(text))


@pytest.mark.parametrize(
    "weight", ["nan", "inf", "1e400", "٣", "½", "0x10", "--1", "1_000", "1.2.3", "9" * 400]
)
def test_a_weight_that_only_looks_like_a_number_is_refused(weight: str) -> None:
    """What Python would take for a number is not what a person meant by one."""
    assert "is not a number of 0 or more" in str(faults_of(f"theme,weight\nfraud,{weight}\n")[0])


@pytest.mark.parametrize("weight", [True, None, [], {}, "many", -0.5, float("nan"), 10**400])
def test_values_of_a_program_are_checked_alike(weight: object) -> None:
    """JSON can hold what a CSV file cannot."""
    with pytest.raises(InvalidRequest, match=r"weights 1: .*weight"):
        from_rows([Row("weights 1", "fraud", weight)], THEMES)


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever is pasted, the answer is a reference or a list of faults."""
    answer: object = None
    try:
        answer = from_csv(text, THEMES).weigh(THEMES)
    except InvalidRequest as error:
        answer = error.faults
    assert answer


@given(
    st.lists(st.sampled_from(sorted(THEMES)), unique=True, min_size=1),
    st.integers(1, 10**9),
    st.sampled_from([",", ";", "\t"]),
)
def test_a_right_file_is_always_read(chosen: list[str], weight: int, divider: str) -> None:
    """Any themes, any whole weight, any of the dividers."""
    lines = [divider.join(("theme", "weight")), *(divider.join((theme, str(weight))) for theme in chosen)]
    assert from_csv("\n".join(lines), THEMES).weigh(THEMES) == dict.fromkeys(chosen, float(weight))
