"""Statistics on series whose figures can be followed by hand."""
