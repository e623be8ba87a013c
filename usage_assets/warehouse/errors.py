"""What the warehouse cannot give; apart from the modules that open it, so that a command can name it without them."""


class NothingLoaded(LookupError):
    """The warehouse holds nothing of what is asked for; the text says what, and what to do."""
