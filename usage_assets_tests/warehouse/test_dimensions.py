"""Users, models, providers and surfaces of rows in the aggregates."""

from usage_assets_tests.warehouse.pipeline import NEXT_DAY, Pipeline, charge, money, row


def test_a_missing_or_blank_dimension_is_named_none(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1")), row("r2", charge("net", "2"), surface=" ", product={"id": " "})])

    pipeline.run()

    columns = "model, surface, user_key, product_id, organization_id, workspace_id, resource_id"
    assert pipeline.query(f"select {columns} from cost") == [("(none)",) * 7] * 2
    assert pipeline.query("select surface, cost from cost_by_surface") == [("(none)", money("1") + money("2"))]


def test_a_row_of_one_resource_stands_under_it_and_its_workspace(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), resources=[{"id": " lkc-1 ", "workspace": {"id": "env-1"}}])])

    pipeline.run()

    assert pipeline.query("select workspace_id, resource_id, cost from cost_by_resource") == [
        ("env-1", "lkc-1", money("1"))
    ]


def test_a_row_of_several_resources_stands_under_several(pipeline: Pipeline) -> None:
    one, other = ({"id": name, "workspace": {"id": "env-1"}} for name in ("lkc-1", "lkc-2"))
    pipeline.land([row("r1", charge("net", "1"), resources=[one, other, {"id": " "}])])

    pipeline.run()

    assert pipeline.query("select workspace_id, resource_id, cost from cost_by_resource") == [
        ("env-1", "(several)", money("1"))
    ]


def test_the_provider_is_that_of_the_model_else_the_vendor(pipeline: Pipeline) -> None:
    pipeline.land(
        [row("r1", charge("net", "1"), model={"id": "m", "provider": " Anthropic "}), row("r2", charge("net", "2"))],
        integration="openai_codex",
    )

    pipeline.run()

    assert pipeline.query("select provider, cost from cost_by_provider order by provider") == [
        ("anthropic", money("1")),
        ("openai", money("2")),
    ]


def test_an_unknown_integration_is_its_own_provider(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))], integration="snowflake")

    pipeline.run()

    assert pipeline.query("select integration, provider, cost from cost_by_provider") == [
        ("snowflake", "snowflake", money("1"))
    ]


def test_an_e_mail_in_any_letter_case_is_the_same_person(pipeline: Pipeline) -> None:
    people = [{"id": "1", "email": " Ann@Example.com"}, {"id": "2", "email": "ann@example.com"}]
    pipeline.land(row(f"r{n}", charge("net", "1"), user=user) for n, user in enumerate(people))

    pipeline.run()

    assert pipeline.query("select user_key, cost from cost_by_user") == [("ann@example.com", money("2"))]


def test_a_user_id_keeps_the_e_mail_it_had_before(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), user={"id": "7", "email": "ann@example.com"})])
    pipeline.run()

    pipeline.land([row("r2", charge("net", "2"), day=NEXT_DAY, user={"id": "7"})], day=NEXT_DAY)
    pipeline.run()

    lines = pipeline.query("select user_key, user_email, cost from cost_by_user order by usage_date")
    assert lines == [("ann@example.com", "ann@example.com", money(cost)) for cost in ("1", "2")]


def test_a_user_without_e_mail_is_named_by_account_and_id(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), user={"id": "7"})])

    pipeline.run()

    assert pipeline.query("select user_key, cost from cost_by_user") == [("acme:7", money("1"))]


def test_one_user_id_in_two_accounts_is_two_people(pipeline: Pipeline) -> None:
    for account in ("first", "second"):
        pipeline.land([row("r1", charge("net", "1"), user={"id": "7"})], account=account)

    pipeline.run()

    assert pipeline.query("select user_key from cost_by_user order by user_key") == [("first:7",), ("second:7",)]


def test_the_account_names_its_tenant(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"))])

    pipeline.run()

    assert pipeline.query("select account_id, tenant_id from cost_by_account") == [("acme", "tenant of acme")]


def test_of_two_emails_on_one_day_the_later_is_the_last_seen(pipeline: Pipeline) -> None:
    observations = {"2026-06-10T09:59:00Z": "zoe@acme.example", "2026-06-10T10:00:00Z": "ann@acme.example"}
    seen = [row(email, user={"id": "u", "email": email}, start_date=start) for start, email in observations.items()]
    pipeline.land([*seen, row("unnamed", user={"id": "u"})])

    pipeline.load()

    assert pipeline.one("select user_key from usage where row_id = 'unnamed'") == "ann@acme.example"


def test_rows_without_an_email_follow_one_that_is_seen_later(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1"), user={"id": "u"})])
    pipeline.run()
    assert pipeline.query("select user_key, user_email from cost_by_user") == [("acme:u", None)]

    named = {"id": "u", "email": "Ann@acme.example"}
    pipeline.land([row("r2", charge("net", "1"), user=named, day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()

    assert pipeline.query("select distinct user_key from cost_by_user") == [("ann@acme.example",)]
    assert pipeline.query("select distinct user_key from cost") == [("ann@acme.example",)]
