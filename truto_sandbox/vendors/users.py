"""People as vendors report them, in usage rows and in the `users` resource."""

from truto_sandbox.companies import Account
from truto_sandbox.items import Row
from truto_sandbox.people import Person


def user_json(person: Person, user_id: str) -> Row:
    """Return the `user` of a row; without `email` if the vendor does not report it."""
    mailbox = {"email": person.email} if person.email else {}
    return {"id": user_id, **mailbox, "name": person.name}


def member_json(account: Account, person: Person, user_id: str) -> Row:
    """Return a row of the `users` resource."""
    created = account.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    emails = [{"email": person.email, "is_primary": True}] if person.email else []
    role = {"id": "admin", "name": "Admin"} if person.index == 0 else {"id": "member", "name": "Member"}
    return {
        "id": user_id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": person.name,
        "emails": emails,
        "roles": [role],
        "status": "active",
        "organization": {"id": f"org-{account.id[:8]}", "name": account.company},
        "created_at": created,
        "updated_at": created,
        "remote_data": {"id": user_id, "name": person.name, "email": person.email, "role": role["id"]},
    }
