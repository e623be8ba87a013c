"""The assets about people: their lists of users as landed, what they did, and their seats."""

import dagster as dg

from usage_assets.defs.derived_asset import derived_asset
from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.metadata import OWNERS, record_lists, row_counts
from usage_assets.defs.partitions import days_of
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.warehouse.activity import derive_activity
from usage_assets.warehouse.publications import is_behind
from usage_assets.warehouse.seats import derive_seats
from usage_assets.warehouse.tables import ACTIVITY_BY_USER, SEATS
from usage_assets.warehouse.user_lists import load_user_lists

RAW_USERS = "raw_users"


def raw_users_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `raw_users`, whose runs fetch lists of users."""

    @dg.asset(
        key=location.naming.key(RAW_USERS),
        required_resource_keys={run_lock_key(location.naming)},
        group_name=location.naming.group("raw"),
        kinds={"http", "file"},
        owners=OWNERS,
    )
    def raw_users(context: dg.AssetExecutionContext) -> None:
        """Unchanged lists of the users of an account, one per account and day, of integrations with a list of members.

        It has no partitions, because a vendor lists only today's users. A run fetches the lists that are due.
        """
        claim_instance(context.instance, location)
        record_lists(context, location, location.source.fetch_users())

    return raw_users


def activity_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `activity_by_user`, whose runs sum what people did."""
    project = location.project

    @derived_asset(location, ACTIVITY_BY_USER, deps=["usage"])
    def activity_by_user(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """What people did: every number of `usage` that no meter reads, such as lines added.

        One row per day, account, provider, surface, user_key and metric.
        """
        with project.warehouse.transaction() as connection:
            derive_activity(connection, days_of(context, location.today()), project.profiles)
            return dg.MaterializeResult(metadata=row_counts(connection, ACTIVITY_BY_USER))

    return activity_by_user


def seats_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `seats`, whose runs load lists of users and derive seats."""
    project = location.project

    @derived_asset(location, SEATS, deps=[RAW_USERS, "usage", ACTIVITY_BY_USER])
    def seats(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Who has a seat: status, role, spend limit, last active day, price. One row per account, month and user.

        Key: account_id, month, user_id. The price of a seat is never part of cost.
        """
        prices = project.files.seats.put_in_force()
        project.applied_files.note_derived(project.files.seats.name, prices.sha256)
        with project.warehouse.transaction() as connection:
            landing = project.user_lists.landing
            is_restored = is_behind(connection, project.landing)
            loaded = load_user_lists(connection, landing, project.profiles, compares_all=is_restored)
            written = derive_seats(connection, days_of(context, location.today()), project.seat_rules)
            counts = row_counts(connection, SEATS)
        return dg.MaterializeResult(metadata={**counts, "lists_loaded": loaded, "months_written": len(written)})

    return seats
