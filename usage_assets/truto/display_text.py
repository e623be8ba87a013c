"""Make text from the API safe to show: one line, no control characters, bounded length."""


def single_line(text: str) -> str:
    """Return `text` on one line, without control characters, which could control a terminal."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(filter(str.isprintable, line))


def truncate(text: str, max_length: int) -> str:
    """Return `text` on one line, without control characters, at most `max_length` characters long."""
    line = single_line(text)
    return line if len(line) <= max_length else f"{line[: max_length - 1]}…"
