"""Client of Truto's unified usage-metering API: paging, retries, rate limits and errors.

The client returns rows as the text that the API sent. It knows neither Dagster nor DuckDB nor how cost is computed.
"""

from usage_assets.truto.accounts import IntegratedAccount, ListedAccounts, UnreadableAccount
from usage_assets.truto.client import TrutoClient
from usage_assets.truto.errors import (
    AccountBlocked,
    BadToken,
    InvalidBaseURL,
    InvalidResponse,
    NeedsReconnecting,
    PagesChanged,
    PartialResponse,
    ProviderFailed,
    RateLimited,
    RequestRejected,
    TrutoError,
    Unreachable,
)
from usage_assets.truto.limits import RequestLimits
from usage_assets.truto.models import Page
from usage_assets.truto.query import QueryValue, ResponseFormat, UsageQuery
from usage_assets.truto.retry import RetryPolicy

__all__ = [
    "AccountBlocked",
    "BadToken",
    "IntegratedAccount",
    "InvalidBaseURL",
    "InvalidResponse",
    "ListedAccounts",
    "NeedsReconnecting",
    "Page",
    "PagesChanged",
    "PartialResponse",
    "ProviderFailed",
    "QueryValue",
    "RateLimited",
    "RequestLimits",
    "RequestRejected",
    "ResponseFormat",
    "RetryPolicy",
    "TrutoClient",
    "TrutoError",
    "Unreachable",
    "UnreadableAccount",
    "UsageQuery",
]
