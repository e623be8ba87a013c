"""`python -m usage_assets`: the same as the `usage-assets` command."""

from usage_assets.cli import main

main()
