"""The window that most tests of landing use, and the time of its fetch."""

from datetime import UTC, date, datetime

from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import WindowKey

DAY = date(2026, 11, 20)
WINDOW = Window(DAY, date(2026, 11, 21))
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
KEY = WindowKey("a-1", "default", WINDOW.start, WINDOW.end)
