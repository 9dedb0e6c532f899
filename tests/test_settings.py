"""The rule kept here: a setting is used as given, or named with what is wrong and what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_service.errors import InvalidSettings
from search_service.settings import CONFIG, PREFIX, Settings, read_settings

GIVEN = {
    "corpus": ("/srv/corpus", Path("/srv/corpus")),
    "index": ("/srv/index", Path("/srv/index")),
    "host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - nothing listens here
    "port": ("0", 0),
    "threads": ("64", 64),
    "trusted_hosts": ("finder.example.org, [::1]", "finder.example.org, [::1]"),
    "proxies": ("1", 1),
    "rate_limit": ("0", 0),
    "metrics": ("off", "off"),
    "log_format": ("json", "json"),
    "development": ("yes", True),
    "corrections": ("mailto:help@example.org", "mailto:help@example.org"),
}


def test_every_setting_is_tried_here() -> None:
    """A setting that is added is tested, or this fails."""
    assert GIVEN.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", GIVEN)
def test_each_setting_is_read_from_its_variable(name: str) -> None:
    """PRACTICE_FINDER_<NAME> sets <name>, and leaves the others at their defaults."""
    text, value = GIVEN[name]
    settings = read_settings({PREFIX + name.upper(): text})
    assert getattr(settings, name) == value
    assert settings.model_dump(exclude={name}) == read_settings({}).model_dump(exclude={name})


def test_the_defaults_suit_one_machine() -> None:
    """With nothing set, only this machine is served, from the project's own folders."""
    settings = read_settings({})
    assert (settings.host, settings.port, settings.threads) == ("127.0.0.1", 8000, 4)
    assert settings.corrections == ""
    assert (settings.corpus.name, settings.index.name) == ("corpus", "index")
    assert settings.corpus.parent == settings.index.parent


def test_other_variables_are_left_alone() -> None:
    """Only names that begin with ours are ours."""
    assert read_settings({"PORT": "1", "FLASK_PORT": "x", "practice_finder_port": "y"}) == read_settings({})


def test_the_command_line_comes_before_the_environment() -> None:
    """What is typed wins; what is not typed does not hide what is set."""
    settings = read_settings({PREFIX + "PORT": "9000", PREFIX + "HOST": "::1"}, port=8001, host=None)
    assert (settings.port, settings.host) == (8001, "::1")


def test_what_was_typed_is_named_by_its_option() -> None:
    """A person who typed --port is not sent to look for a variable."""
    with pytest.raises(InvalidSettings) as caught:
        read_settings({PREFIX + "PORT": "9000", PREFIX + "THREADS": "0"}, port=99999)
    threads, port = sorted(str(caught.value).split("\n"), reverse=True)
    assert port.startswith("--port: “99999” cannot be used: ")
    assert threads.startswith("PRACTICE_FINDER_THREADS: “0” cannot be used: ")


def test_an_unknown_variable_is_named_with_those_there_are() -> None:
    """A misspelt name is not passed over in silence."""
    with pytest.raises(InvalidSettings) as caught:
        read_settings({PREFIX + "PROT": "8000"})
    message = str(caught.value)
    assert message.startswith("PRACTICE_FINDER_PROT is not a setting.")
    assert all(PREFIX + name.upper() in message for name in Settings.model_fields)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("corpus", ""),
        ("index", ""),
        ("port", "eight"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", ""),
        ("port", "80.5"),
        ("threads", "0"),
        ("threads", "65"),
        ("host", ""),
        ("trusted_hosts", "https://finder.example.org/"),
        ("proxies", "6"),
        ("rate_limit", "-1"),
        ("metrics", "everyone"),
        ("log_format", "xml"),
        ("corrections", "javascript:alert(1)"),
        ("corrections", "help@example.org"),
        ("corrections", "https://example.org/a b"),
        ("corrections", "mailto:" + "a" * 300),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_a_right_one(name: str, value: str) -> None:
    """The message names the variable, the value, and an example that can be used."""
    with pytest.raises(InvalidSettings) as caught:
        read_settings({PREFIX + name.upper(): value})
    message = str(caught.value)
    assert message.startswith(f"{PREFIX}{name.upper()}: “{value}” cannot be used: ")
    right = message.rsplit("For example: ", 1)[1]
    assert read_settings({PREFIX + name.upper(): right})


def test_the_form_that_is_asked_for_is_quoted_exactly() -> None:
    """A form with capitals in it means another thing without them."""
    with pytest.raises(InvalidSettings, match=r"mailto:\)\\S\+"):
        read_settings({PREFIX + "CORRECTIONS": "nowhere"})


def test_every_fault_is_named_at_once() -> None:
    """One reading names all that must be put right, a line each."""
    with pytest.raises(InvalidSettings) as caught:
        read_settings({PREFIX + "PORT": "x", PREFIX + "THREADS": "y", PREFIX + "COLOUR": "z"})
    lines = str(caught.value).split("\n")
    assert {line.split(":")[0].split(" ")[0] for line in lines} == {
        PREFIX + "PORT",
        PREFIX + "THREADS",
        PREFIX + "COLOUR",
    }


def test_settings_come_from_a_file_and_the_environment_comes_before_it(tmp_path: Path) -> None:
    """One file can hold everything, and a variable changes one thing for once."""
    file = tmp_path / "finder.toml"
    file.write_text('port = 9000\nhost = "::1"\nlog_format = "json"\n', encoding="utf-8")
    settings = read_settings({CONFIG: str(file), PREFIX + "HOST": "127.0.0.2"}, port=9001)
    assert (settings.port, settings.host, settings.log_format) == (9001, "127.0.0.2", "json")


def test_a_name_in_the_file_may_be_in_capitals(tmp_path: Path) -> None:
    """The table of settings writes them so; a refusal would name the very setting that was meant."""
    file = tmp_path / "finder.toml"
    file.write_text("PORT = 9000\n", encoding="utf-8")
    assert read_settings({CONFIG: str(file)}).port == 9000


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"port: 9000\n", "not a TOML file"),
        (b"\xff\xfe", "not a TOML file"),
        (b"prot = 9000\n", "PRACTICE_FINDER_PROT is not a setting"),
        (b'port = "x"\nthreads = 0\n', "PRACTICE_FINDER_THREADS: “0” cannot be used"),
        (b"[server]\nport = 1\n", "PRACTICE_FINDER_SERVER is not a setting"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, content: bytes, what: str
) -> None:
    """A slip in the file is found at the start, in words."""
    file = tmp_path / "finder.toml"
    file.write_bytes(content)
    with pytest.raises(InvalidSettings, match=what):
        read_settings({CONFIG: str(file)})


def test_a_file_that_is_not_there_is_named() -> None:
    """A misspelt path must not mean the defaults."""
    with pytest.raises(InvalidSettings, match=r"/nowhere/finder.toml cannot be read \(No such file"):
        read_settings({CONFIG: "/nowhere/finder.toml"})


def test_settings_cannot_be_changed() -> None:
    """What the threads of a server share is immutable."""
    with pytest.raises(ValueError, match="frozen"):
        read_settings({}).port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    """The table of settings in the guide is made from these sentences."""
    assert all(field.description for field in Settings.model_fields.values())
