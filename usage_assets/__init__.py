"""Daily AI and SaaS usage and cost per account, in one DuckDB file, built with Dagster."""
