"""Which numbers of a `usage` object are activity, and how they are named."""

from pathlib import Path

import pytest

from usage_assets.integrations.activity_fields import ActivityFields, Names, metric_of
from usage_assets.integrations.profiles import ProfileError, load_profiles

HOSTILE: list[Names] = [
    ("a", "b"),
    ("a.b",),
    ("a", None),
    ("a[]",),
    ('"a"',),
    ("a",),
    ('"a.b"',),
    ("",),
    (" ",),
    ("a", ""),
    ("\n",),
    ("\\n",),
    ("\x1b[31m",),
    ("*",),
    ("\ud800",),
    ("�",),
    ("n" * 300,),
]


@pytest.fixture
def claude() -> ActivityFields:
    return ActivityFields(load_profiles().of("claude"))


@pytest.mark.parametrize(
    ("names", "metric"),
    [
        (("requests", "agent"), "requests.agent"),
        (("models", None, "calls"), "models[].calls"),
        (("a.b", "c"), '"a.b".c'),
        (('say "x"',), r'"say \"x\""'),
        (("\x1b",), r'"\u001b"'),
    ],
)
def test_a_metric_is_the_dotted_path_with_unusual_names_in_quotes(names: Names, metric: str) -> None:
    assert metric_of(names) == metric


def test_no_two_places_have_the_same_metric() -> None:
    assert len({metric_of(names) for names in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("names", HOSTILE)
def test_a_metric_is_one_line_of_printable_text(names: Names) -> None:
    assert metric_of(names).isprintable()


@pytest.mark.parametrize("metric", ["requests.agent", "code.lines_added", "activity.turns", "tools.mcp"])
def test_what_nothing_reads_is_activity(claude: ActivityFields, metric: str) -> None:
    assert claude.is_activity(metric)


@pytest.mark.parametrize(
    "metric", ["requests.total", "tokens.input", "tokens.total", "tokens.anything", "tools.web_search", "quantity"]
)
def test_what_has_a_column_of_its_own_is_no_activity(claude: ActivityFields, metric: str) -> None:
    assert not claude.is_activity(metric)


def test_a_distinct_count_is_activity_although_a_count_reads_it(claude: ActivityFields) -> None:
    assert (claude.is_activity("sessions.distinct"), claude.is_maximum("sessions.distinct")) == (True, True)


def test_other_numbers_are_added(claude: ActivityFields) -> None:
    assert not claude.is_maximum("sessions.dispatch_turns")


def test_a_profile_names_its_own_distinct_counts(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text('[claude]\ndistinct_counts = ["usage.chat.projects"]')

    fields = ActivityFields(load_profiles(tmp_path / "profiles.toml").of("claude"))

    assert (fields.is_maximum("chat.projects"), fields.is_maximum("sessions.distinct")) == (True, False)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ('distinct_counts = ["usage."]', "distinct_counts"),
        ('seats = "some"', "seats"),
        ('users_parameters = { date = "{start}" }', r"the placeholders are \{day\}"),
        ('seat_type = ["a[].b"]', "no list is walked"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, setting: str, reason: str) -> None:
    (tmp_path / "profiles.toml").write_text(f"[claude]\n{setting}")

    with pytest.raises(ProfileError, match=reason):
        load_profiles(tmp_path / "profiles.toml")
