"""People as vendors report them in usage rows. `members` has the `users` resource."""

from truto_sandbox.items import Row
from truto_sandbox.people import Person


def user_json(person: Person, user_id: str) -> Row:
    """Return the `user` of a row; without `email` if the vendor does not report it."""
    mailbox = {"email": person.email} if person.email else {}
    return {"id": user_id, **mailbox, "name": person.name}
