"""Model names: many spellings, one canonical name, and the model that `genai-prices` matches."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.names import canonical_model, is_router

# The raw name, its canonical name, and the matched model, None where there is no price.
Row = tuple[str, str, str | None]
DAY = date(2026, 11, 10)
BOOK = PriceBook()

ANTHROPIC: list[Row] = [
    ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-sonnet-4-5", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-opus-4-5-20251101", "claude-opus-4-5", "claude-opus-4-5"),
    ("claude-opus-4-1-20250805", "claude-opus-4-1", "claude-opus-4-1"),
    ("claude-opus-4-20250514", "claude-opus-4", "claude-opus-4-0"),
    ("claude-sonnet-4-20250514", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("claude-sonnet-4-0", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("claude-haiku-4-5-20251001", "claude-haiku-4-5", "claude-haiku-4-5"),
    ("claude-3-7-sonnet-20250219", "claude-3-7-sonnet", "claude-3-7-sonnet-latest"),
    ("claude-3-7-sonnet-latest", "claude-3-7-sonnet", "claude-3-7-sonnet-latest"),
    ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet", "claude-3-5-sonnet"),
    ("claude-3-5-haiku-latest", "claude-3-5-haiku", "claude-3-5-haiku-latest"),
    ("claude-3-opus-20240229", "claude-3-opus", "claude-3-opus-latest"),
    ("claude-3-haiku-20240307", "claude-3-haiku", "claude-3-haiku"),
    ("claude-opus-4-6", "claude-opus-4-6", "claude-opus-4-6"),
    ("claude-sonnet-4-6", "claude-sonnet-4-6", "claude-sonnet-4-6"),
    ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-opus-4-8-fast", "claude-opus-4-8-fast", "claude-opus-4-8 (fast)"),
    ("claude-2.1", "claude-2.1", "claude-2"),
    ("claude-instant-1.2", "claude-instant-1.2", None),
    ("claude-sonnet-5.5", "claude-sonnet-5-5", "claude-sonnet-5-5"),
    ("claude-fable-5-2", "claude-fable-5-2", "claude-fable-5-2"),
    ("Claude Sonnet 4.5", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    (" Claude-Opus-4-5 ", "claude-opus-4-5", "claude-opus-4-5"),
]

CLOUDS: list[Row] = [
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("eu.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("global.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5", "claude-opus-4-5"),
    ("apac.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet", "claude-3-5-sonnet"),
    ("anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku", "claude-3-haiku"),
    ("anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6", "claude-opus-4-6"),
    ("anthropic.claude-v2:1", "claude-2.1", "claude-2"),
    ("bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5", "claude-haiku-4-5"),
    (
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0",
        "claude-opus-4-1",
        "claude-opus-4-1",
    ),
    ("openai.gpt-oss-120b-1:0", "gpt-oss-120b", "gpt-oss-120b"),
    ("amazon.nova-pro-v1:0", "amazon.nova-pro", "amazon.nova-pro-v1:0"),
    ("us.meta.llama3-3-70b-instruct-v1:0", "us.meta.llama3-3-70b-instruct", "meta.llama3-3-70b-instruct-v1:0"),
    ("claude-opus-4-1@20250805", "claude-opus-4-1", "claude-opus-4-1"),
    ("claude-sonnet-4-5@default", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet", "claude-3-5-sonnet"),
    ("vertex_ai/claude-sonnet-4@20250514", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("publishers/anthropic/models/claude-haiku-4-5", "claude-haiku-4-5", "claude-haiku-4-5"),
    ("azure/gpt-4o", "gpt-4o", "gpt-4o"),
    ("azure/gpt-35-turbo", "gpt-3.5-turbo", "gpt-3.5-turbo"),
    ("gpt-35-turbo-16k", "gpt-3.5-turbo-16k", "gpt-3.5-turbo-16k"),
    ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("openrouter/anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet", "claude-3-7-sonnet-latest"),
    ("openrouter/openai/gpt-5", "gpt-5", "gpt-5"),
    ("openai:gpt-5-mini", "gpt-5-mini", "gpt-5-mini"),
]

OPENAI: list[Row] = [
    ("gpt-5", "gpt-5", "gpt-5"),
    ("gpt-5-2025-08-07", "gpt-5", "gpt-5"),
    ("openai/gpt-5", "gpt-5", "gpt-5"),
    ("gpt-5-mini-2025-08-07", "gpt-5-mini", "gpt-5-mini"),
    ("gpt-5-nano", "gpt-5-nano", "gpt-5-nano"),
    ("gpt-5-pro", "gpt-5-pro", "gpt-5-pro"),
    ("gpt-5-chat-latest", "gpt-5-chat", "gpt-5"),
    ("gpt-5-codex", "gpt-5-codex", "gpt-5"),
    ("gpt-5-codex-high", "gpt-5-codex", "gpt-5"),
    ("gpt-5-high", "gpt-5", "gpt-5"),
    ("gpt-5-minimal", "gpt-5", "gpt-5"),
    ("gpt-5.1", "gpt-5.1", "gpt-5.1"),
    ("gpt-5.1-codex", "gpt-5.1-codex", "gpt-5.1"),
    ("gpt-5.1-codex-max", "gpt-5.1-codex-max", "gpt-5.1"),
    ("gpt-5.1-codex-max-xhigh", "gpt-5.1-codex-max", "gpt-5.1"),
    ("gpt-5-1-codex-mini", "gpt-5.1-codex-mini", "gpt-5.1-codex-mini"),
    ("gpt-5.2-2025-12-11", "gpt-5.2", "gpt-5.2"),
    ("gpt-5.2-codex", "gpt-5.2-codex", "gpt-5.2"),
    ("gpt-5.2-none", "gpt-5.2", "gpt-5.2"),
    ("gpt-5.3-codex", "gpt-5.3-codex", "gpt-5.3-codex"),
    ("gpt-5.4", "gpt-5.4", "gpt-5.4"),
    ("gpt-5.6-sol-high", "gpt-5.6-sol", "gpt-5.6-sol"),
    ("gpt-4o-2024-08-06", "gpt-4o", "gpt-4o"),
    ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
    ("gpt-4o-mini-2024-07-18", "gpt-4o-mini", "gpt-4o-mini"),
    ("gpt-4.1-2025-04-14", "gpt-4.1", "gpt-4.1"),
    ("gpt-4-0613", "gpt-4-0613", "gpt-4"),
    ("gpt-4-turbo-2024-04-09", "gpt-4-turbo", "gpt-4-turbo"),
    ("gpt-3.5-turbo-0125", "gpt-3.5-turbo-0125", "gpt-3.5-turbo"),
    ("o3-2025-04-16", "o3", "o3"),
    ("o3-mini-high", "o3-mini-high", "o3-mini"),
    ("o3-mini-2025-01-31", "o3-mini", "o3-mini"),
    ("o4-mini", "o4-mini", "o4-mini"),
    ("o1-pro", "o1-pro", "o1-pro"),
    ("codex-mini-latest", "codex-mini", "codex-mini"),
    ("chatgpt-4o-latest", "chatgpt-4o-latest", "chatgpt-4o-latest"),
    ("text-embedding-3-small", "text-embedding-3-small", "text-embedding-3-small"),
    ("whisper-1", "whisper-1", "whisper-1"),
    ("ft:gpt-4o-mini-2024-07-18:acme::abc123", "ft:gpt-4o-mini-2024-07-18:acme::abc123", "ft:gpt-4o-mini"),
]

CURSOR: list[Row] = [
    ("claude-4.5-sonnet-thinking", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-4.5-sonnet", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    ("claude-4.5-opus-high-thinking", "claude-opus-4-5", "claude-opus-4-5"),
    ("claude-4.5-haiku", "claude-haiku-4-5", "claude-haiku-4-5"),
    ("claude-4.6-opus-high-thinking", "claude-opus-4-6", "claude-opus-4-6"),
    ("claude-4.6-opus-high-thinking-fast", "claude-opus-4-6-fast", None),
    ("claude-3.5-sonnet", "claude-3-5-sonnet", "claude-3-5-sonnet"),
    ("claude-3.7-sonnet-thinking", "claude-3-7-sonnet", "claude-3-7-sonnet-latest"),
    ("claude-4-sonnet", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("claude-4-sonnet-1m", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("claude-4-sonnet-thinking", "claude-sonnet-4", "claude-sonnet-4-0"),
    ("claude-4-opus-max", "claude-opus-4", "claude-opus-4-0"),
    ("claude-4.1-opus", "claude-opus-4-1", "claude-opus-4-1"),
    ("gpt-5-high", "gpt-5", "gpt-5"),
    ("gpt-5-high-fast", "gpt-5-fast", "gpt-5 (fast)"),
    ("gpt-5-low-fast", "gpt-5-fast", "gpt-5 (fast)"),
    ("gpt-5.1-codex-high", "gpt-5.1-codex", "gpt-5.1"),
    ("gpt-5.2-extra-high", "gpt-5.2", "gpt-5.2"),
    ("gpt-5.2-codex-xhigh-fast", "gpt-5.2-codex-fast", "gpt-5.2 (fast)"),
    ("composer-2.5", "composer-2.5", "composer-2.5"),
    ("composer-2.5-fast", "composer-2.5-fast", "composer-2.5-fast"),
    ("composer-2.5[fast=true]", "composer-2.5-fast", "composer-2.5-fast"),
    ("composer-2.5[fast=false]", "composer-2.5", "composer-2.5"),
    ("composer-1", "composer-1", None),
    ("cursor-small", "cursor-small", None),
    ("grok-code-fast-1", "grok-code-fast-1", "grok-code-fast-1"),
    ("grok-4.5-fast", "grok-4.5-fast", "grok-4.5-fast"),
    ("grok-4.7", "grok-4.7", "grok-4.7"),
    ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
    ("gemini-3-pro", "gemini-3-pro", None),
    ("accounts/fireworks/models/deepseek-r1-0528", "deepseek-r1-0528", "deepseek-reasoner"),
]

OTHERS: list[Row] = [
    ("models/gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-pro"),
    ("publishers/google/models/gemini-2.5-flash", "gemini-2.5-flash", "gemini-2.5-flash"),
    ("gemini-2.0-flash-001", "gemini-2.0-flash", "gemini-2.0-flash"),
    ("gemini-1.5-pro-002", "gemini-1.5-pro", "gemini-1.5-pro"),
    ("gemini-3-pro-preview", "gemini-3-pro-preview", "gemini-3-pro-preview"),
    ("gemini-2.5-flash-lite", "gemini-2.5-flash-lite", "gemini-2.5-flash-lite"),
    ("gemini-flash-latest", "gemini-flash-latest", "gemini-3.8-flash"),
    ("google/gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-pro"),
    ("xai/grok-4-latest", "grok-4", "grok-4-0709"),
    ("grok-4-0709", "grok-4-0709", "grok-4-0709"),
    ("grok-4-fast", "grok-4-fast", "grok-4-fast-reasoning"),
    ("grok-4-fast-reasoning", "grok-4-fast-reasoning", "grok-4-fast-reasoning"),
    ("grok-3-mini", "grok-3-mini", "grok-3-mini"),
    ("deepseek-chat", "deepseek-chat", "deepseek-chat"),
    ("deepseek/deepseek-reasoner", "deepseek-reasoner", "deepseek-reasoner"),
    ("deepseek-r1:latest", "deepseek-r1", "deepseek-reasoner"),
    ("mistral-large-latest", "mistral-large-latest", "mistral-large"),
    ("mistral-medium", "mistral-medium", "mistral-medium-3-1"),
    ("kimi-k2-thinking", "kimi-k2-thinking", "kimi-k2-thinking"),
    ("glm-4.6", "glm-4.6", "GLM-4.6"),
    ("unheard-of-9", "unheard-of-9", None),
    ("ACME Finetune 7", "acme finetune 7", None),
]

NAMES: list[tuple[str, str, str, str | None]] = [
    (provider, *row)
    for provider, rows in (
        ("anthropic", ANTHROPIC),
        ("amazon bedrock", CLOUDS),
        ("openai", OPENAI),
        ("cursor", CURSOR),
        ("(none)", OTHERS),
    )
    for row in rows
]
ROUTERS = ["auto", "default", "premium", "Auto", " default ", "openrouter/auto", "cursor/default", "model-router"]
PIECES = ["us.", "anthropic.", "openai", "azure", "/", ":", "claude", "opus", "gpt", "5", "4.5", "3-5", "-", "-fast"]
PIECES += ["-high", "-thinking", "-20250929", "-2025-08-07", "-v1:0", "@20250929", "-latest", "[fast=true]", "ft:", " "]


@pytest.mark.parametrize(("provider", "raw", "canonical", "matched"), NAMES)
def test_a_name_has_one_canonical_form(provider: str, raw: str, canonical: str, matched: str | None) -> None:
    assert canonical_model(raw) == canonical


@pytest.mark.parametrize(("provider", "raw", "canonical", "matched"), NAMES)
def test_a_canonical_name_is_matched_to_its_model(provider: str, raw: str, canonical: str, matched: str | None) -> None:
    assert BOOK.unit_price(provider, canonical, "(none)", "input", DAY).matched_model == matched


@pytest.mark.parametrize(("provider", "raw", "canonical", "matched"), NAMES)
def test_a_raw_name_is_priced_as_its_canonical_name(
    provider: str, raw: str, canonical: str, matched: str | None
) -> None:
    by_raw, by_name = (BOOK.unit_price(provider, name, "(none)", "output", DAY) for name in (raw, canonical))

    assert by_raw == by_name


@settings(deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_a_canonical_name_is_its_own_canonical_name(raw: str) -> None:
    assert canonical_model(canonical_model(raw)) == canonical_model(raw)


@settings(deadline=None, database=None)
@given(st.text(max_size=20))
def test_a_name_of_any_letters_has_a_stable_canonical_name(raw: str) -> None:
    assert canonical_model(canonical_model(raw)) == canonical_model(raw)


@settings(deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join).filter(str.strip))
def test_a_name_is_never_shortened_to_nothing(raw: str) -> None:
    assert canonical_model(raw)


@pytest.mark.parametrize("router", ROUTERS)
def test_a_name_that_leaves_the_choice_to_the_vendor_is_a_router(router: str) -> None:
    assert is_router(router)


@pytest.mark.parametrize("router", ROUTERS)
def test_a_router_has_no_price_in_the_book(router: str) -> None:
    assert BOOK.unit_price("cursor", router, "(none)", "input", DAY).price is None


@pytest.mark.parametrize("model", ["gpt-5", "composer-2.5", "cursor-small", "autocoder-1", "unheard-of-9", "(none)"])
def test_a_name_of_a_model_is_no_router(model: str) -> None:
    assert not is_router(model)


@pytest.mark.parametrize("ending", ["-medium", "-high", "-max", "-latest", "-fast", "-thinking"])
def test_a_family_without_modes_keeps_its_endings(ending: str) -> None:
    assert canonical_model(f"acme{ending}") == f"acme{ending}"


@pytest.mark.parametrize("ending", [":free", ":batch", ":extended"])
def test_an_ending_with_a_price_of_its_own_is_kept(ending: str) -> None:
    assert canonical_model(f"gpt-4o{ending}") == f"gpt-4o{ending}"


def test_a_very_long_name_is_no_model_and_takes_no_time() -> None:
    name = "gpt-5" + "-2025-08-07" * 50_000

    assert canonical_model(f" {name.upper()} ") == name
