"""Which unusual days are one incident, and for which part it is reported."""

from datetime import date, timedelta

from usage_assets.insights.incidents import Contribution, Incident, KnownDay, Part, find_incidents

MONDAY = date(2026, 6, 8)
ACCOUNT = Part("account", "acme", "(none)", "acme")
SURFACE = Part("surface", "acme", "openai", "cli")
MODEL = Part("model", "acme", "openai", "gpt-5")
TEAM = Part("team", "acme", "(none)", "Data")
ADA, BEA = (Part("user", "acme", "(none)", name) for name in ("ada", "bea"))


def unusual(
    part: Part, number: int = 0, *, excess: float = 100, kind: str = "spike", shares: dict[Part, float] | None = None
) -> KnownDay:
    """Return an unusual day `number` days after the Monday, on which 10 USD are expected."""
    return KnownDay(
        usage_date=MONDAY + timedelta(days=number),
        kind=kind,
        part=part,
        expected=10,
        actual=10 + excess,
        score=excess / 5,
        contributions=[Contribution("openai", "gpt-5", "cli", "ada", excess)],
        shares=list((shares or {}).items()),
    )


def days_of(incident: Incident) -> list[int]:
    return [(day.usage_date - MONDAY).days for day in incident.days]


def test_days_that_follow_each_other_are_one_incident() -> None:
    [incident] = find_incidents([unusual(ACCOUNT, number) for number in (2, 0, 1)])

    assert (incident.first_day, incident.last_day) == (MONDAY, MONDAY + timedelta(days=2))
    assert (incident.excess, incident.score) == (3 * 100, 100 / 5)


def test_two_usual_days_do_not_end_an_incident_and_three_do() -> None:
    incidents = find_incidents([unusual(ACCOUNT, number) for number in (0, 3, 7)])

    assert [days_of(incident) for incident in incidents] == [[0, 3], [7]]


def test_a_spike_and_a_drop_are_two_incidents() -> None:
    incidents = find_incidents([unusual(ACCOUNT, 0), unusual(ACCOUNT, 1, kind="drop", excess=-10)])

    assert sorted(incident.kind for incident in incidents) == ["drop", "spike"]


def test_an_incident_of_one_user_is_reported_for_the_user() -> None:
    days = [
        unusual(ACCOUNT, excess=100, shares={ADA: 70, BEA: 20, MODEL: 95, SURFACE: 90}),
        unusual(MODEL, excess=95, shares={ADA: 70, BEA: 20}),
        unusual(ADA, excess=70),
    ]

    assert [incident.part for incident in find_incidents(days)] == [ADA]


def test_an_incident_of_many_users_is_reported_for_the_account() -> None:
    days = [unusual(ACCOUNT, excess=100, shares={ADA: 60, BEA: 40}), unusual(ADA, excess=60), unusual(BEA, excess=40)]

    assert [incident.part for incident in find_incidents(days)] == [ACCOUNT]


def test_an_incident_of_one_model_and_many_users_is_reported_for_the_model() -> None:
    days = [unusual(ACCOUNT, excess=100, shares={ADA: 40, BEA: 50, MODEL: 90}), unusual(MODEL, excess=90)]

    assert [incident.part for incident in find_incidents(days)] == [MODEL]


def test_an_incident_of_one_team_is_reported_for_the_team() -> None:
    days = [
        unusual(ACCOUNT, excess=100, shares={ADA: 40, BEA: 45}),
        unusual(TEAM, excess=85, shares={ADA: 40, BEA: 45}),
    ]

    assert [incident.part for incident in find_incidents(days)] == [TEAM]


def test_an_incident_of_several_teams_is_reported_for_the_account() -> None:
    days = [unusual(ACCOUNT, excess=100, shares={ADA: 40, BEA: 45}), unusual(TEAM, excess=50)]

    assert [incident.part for incident in find_incidents(days)] == [ACCOUNT]


def test_an_incident_of_one_user_of_a_team_is_reported_for_the_user() -> None:
    days = [unusual(part, excess=100, shares={ADA: 90}) for part in (ACCOUNT, TEAM)]

    assert [incident.part for incident in find_incidents(days)] == [ADA]


def test_a_user_who_explains_the_account_is_reported_without_an_unusual_day_of_the_user() -> None:
    [incident] = find_incidents([unusual(ACCOUNT, excess=100, shares={ADA: 80})])

    assert (incident.part, incident.excess) == (ADA, 100)


def test_what_has_no_name_explains_nothing() -> None:
    nobody = Part("user", "acme", "(none)", "(none)")

    [incident] = find_incidents([unusual(ACCOUNT, excess=100, shares={nobody: 100})])

    assert incident.part == ACCOUNT


def test_an_incident_of_a_user_in_another_week_is_reported_too() -> None:
    days = [unusual(ACCOUNT, excess=100, shares={ADA: 20}), unusual(ADA, 8)]

    assert [incident.part for incident in find_incidents(days)] == [ACCOUNT, ADA]


def test_a_user_whose_incident_goes_on_after_that_of_the_account_is_reported_too() -> None:
    days = [unusual(ACCOUNT, 0, shares={ADA: 50}), *(unusual(ADA, number) for number in range(4))]

    assert {incident.part for incident in find_incidents(days)} == {ACCOUNT, ADA}


def test_a_drop_is_reported_where_everything_is_gone() -> None:
    days = [unusual(part, number, kind="drop", excess=-10) for part in (ACCOUNT, SURFACE) for number in (0, 1)]

    assert [incident.part for incident in find_incidents(days)] == [ACCOUNT]


def test_a_surface_without_use_on_one_day_is_no_incident() -> None:
    one = find_incidents([unusual(SURFACE, kind="drop", excess=-10)])
    two = find_incidents([unusual(SURFACE, number, kind="drop", excess=-10) for number in (0, 1)])

    assert ([incident.part for incident in one], [incident.part for incident in two]) == ([], [SURFACE])


def test_the_causes_are_the_three_series_that_contributed_most() -> None:
    day = unusual(ACCOUNT)
    amounts = {"a": 1.0, "b": 50.0, "c": -5.0, "d": 30.0, "e": 20.0}
    lines = [Contribution("openai", "gpt-5", "cli", user, excess) for user, excess in amounts.items()]

    incident = Incident("spike", ACCOUNT, [KnownDay(MONDAY, "spike", ACCOUNT, 0, day.excess, 9, lines)])

    assert [(cause.user_key, cause.excess) for cause in incident.causes] == [("b", 50), ("d", 30), ("e", 20)]


def test_the_causes_add_up_over_the_days_of_an_incident() -> None:
    [incident] = find_incidents([unusual(ACCOUNT, 0, excess=100), unusual(ACCOUNT, 1, excess=50)])

    assert [cause.excess for cause in incident.causes] == [100 + 50]


def test_an_id_depends_on_part_kind_and_first_day_alone() -> None:
    [first] = find_incidents([unusual(ACCOUNT, 0, excess=100)])
    [longer] = find_incidents([unusual(ACCOUNT, number, excess=80) for number in (0, 1)])
    [later] = find_incidents([unusual(ACCOUNT, 1)])
    other = Part("account", "globex", "(none)", "globex")

    assert first.anomaly_id == longer.anomaly_id
    assert len({first.anomaly_id, later.anomaly_id, find_incidents([unusual(other)])[0].anomaly_id}) == 3
