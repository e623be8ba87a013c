"""Map the spellings of a model name by makers, clouds and editors to one canonical name.

Pure text and tables; `book` knows which names have a price.
"""

from __future__ import annotations

import re
from functools import cache

FAST = "fast"

# Names that leave the choice of the model to the vendor.
ROUTERS = frozenset(
    {"auto", "best", "cursor-auto", "default", "fast", "model-router", "openrouter-auto", "opusplan", "premium", "slow"}
)

# Sellers before a colon (`openai:gpt-5`). Slashes need no table, because the last part of a path is the name.
COLON_PREFIXES = ("anthropic", "azure", "bedrock", "cursor", "deepseek", "google", "openai", "openrouter", "xai")

# `us.anthropic.claude-…`. Bedrock's other makers (amazon, meta, …) keep their prefix: `genai-prices` needs it.
BEDROCK_PREFIX = re.compile(r"^(?:[a-z-]+\.)?(?:anthropic|moonshotai|openai|zai)\.(?=.)")

# `[1m]` and `[fast=true,effort=high]`.
BRACKETS = re.compile(r"\[([^\]]*)\]$")

# Dates and builds: `-20250929`, `-2025-08-07`, `@20250929`, `@default`, `-v1:0`, `-1:0`, `:beta`.
# `:free`, `:batch` and `:extended` are absent, because they have their own prices.
VERSION_ENDING = re.compile(
    r"-20\d{6}$|-20\d{2}-\d{2}-\d{2}$|@[a-z0-9-]+$|-(?:v[1-9]\d*|1):\d+$|:(?:beta|exacto|floor|latest|nitro|thinking)$"
)

# Thinking effort, and other words that do not change the price per token.
MODES = frozenset(
    {
        *("none", "minimal", "low", "medium", "high", "xhigh", "extra", "max", "thinking"),
        *("1m", "200k", "latest", "001", "002", "003"),
    }
)

# Families that use such words as endings. Elsewhere they may be part of the name (`mistral-medium`, `qwen-max`).
FAMILIES_WITH_MODES = (
    *("claude", "codex-", "composer-", "deepseek-", "gemini-", "glm-", "gpt-", "grok-", "kimi-"),
    *("o1", "o3", "o4"),
)

# Names that keep an ending such as a mode or a date, because `genai-prices` has a price only with it.
KEPT = frozenset(
    {
        "amazon.titan-embed-text-v2:0",
        "chatgpt-4o-latest",
        "chatgpt-image-latest",
        "gemini-1.0-pro-vision-001",
        "gemini-2.5-flash-native-audio-latest",
        "gemini-embedding-001",
        "gemini-flash-latest",
        "gemini-flash-lite-latest",
        "gemini-pro-latest",
        "gpt-4o-2024-05-13",
        "gpt-5.1-codex-max",
        "gpt-chat-latest",
        "grok-4.20-multi-agent-beta-latest",
        "grok-latest",
        "grok-voice-latest",
        "kimi-k2-thinking",
        "nvidia.nemotron-nano-9b-v2:0",
        "o3-mini-high",
        "o4-mini-high",
    }
)

# Spellings that the rules do not cover.
ALIASES = {"claude-v2": "claude-2", "claude-v2:0": "claude-2", "claude-v2:1": "claude-2.1"}

# `gpt-5-1-codex` is `gpt-5.1-codex`, `gpt-35-turbo` is `gpt-3.5-turbo`.
GPT_SPELLINGS = (
    (re.compile(r"^gpt-35(?=-|$)"), "gpt-3.5"),
    (re.compile(r"^gpt-(\d)-(\d)(?=-|$)"), r"gpt-\1.\2"),
)

_FAMILY = r"(?P<family>fable|haiku|mythos|opus|sonnet)"
_VERSION = r"(?P<major>\d{1,2})(?:[.-](?P<minor>\d{1,2}))?"
_REST = r"(?:-v\d)?(?P<rest>-.*)?$"
CLAUDE_ORDERS = (
    re.compile(rf"^claude-{_VERSION}-{_FAMILY}{_REST}"),
    re.compile(rf"^claude-{_FAMILY}-{_VERSION}{_REST}"),
)

# Up to Claude 3.7, names have the version before the family.
FIRST_VERSION_WITH_FAMILY_FIRST = 4

# No maker's or seller's name is as long; each layer of a name is searched anew, which takes minutes for 100,000 layers.
LONGEST_NAME = 500


@cache
def canonical_model(model_id: str) -> str:
    """Return the maker's own name of a model, without seller, date, build and thinking effort.

    `-fast` is kept, because fast tokens cost more. An unknown name is returned stripped and in lower case.
    """
    if len(model_id) > LONGEST_NAME:
        return model_id.strip().lower()
    name = model_id
    while (shorter := _without_layer(name)) != name:
        name = shorter
    return name


def is_router(model: str) -> bool:
    """Return whether the name leaves the choice of the model to the vendor; such a name has no list price."""
    return canonical_model(model) in ROUTERS


def _without_layer(name: str) -> str:
    name = _without_seller(name.strip().lower())
    if name.startswith("ft:"):  # the whole name identifies a fine-tuned model
        return name
    return _makers_spelling(_without_endings(_gpt_spelling(_without_brackets(name))))


def _without_seller(name: str) -> str:
    if name.startswith(FAMILIES_WITH_MODES):
        name = "-".join(name.split())
    name = name.rstrip("/").rpartition("/")[2] or name
    seller, colon, rest = name.partition(":")
    if colon and rest and seller in COLON_PREFIXES:
        name = rest
    return BEDROCK_PREFIX.sub("", name)


def _without_brackets(name: str) -> str:
    found = BRACKETS.search(name)
    if found is None or found.start() == 0:
        return name
    ending = f"-{FAST}" if "fast=true" in found[1] else ""
    return name[: found.start()] + ending


def _gpt_spelling(name: str) -> str:
    for spelling, makers in GPT_SPELLINGS:
        name = spelling.sub(makers, name)
    return name


def _without_endings(name: str) -> str:
    is_fast = False
    while name not in KEPT and name not in ALIASES:
        shorter, ending = _shorter(name)
        if shorter == name:
            break
        is_fast = is_fast or ending == FAST
        name = shorter
    return f"{name}-{FAST}" if is_fast else name


def _shorter(name: str) -> tuple[str, str]:
    """Return `name` without its last ending, and the ending; the unchanged name if it has none."""
    without_version = VERSION_ENDING.sub("", name)
    if without_version and without_version != name:
        return without_version, ""
    rest, _, ending = name.rpartition("-")
    if rest and name.startswith(FAMILIES_WITH_MODES) and ending in {*MODES, FAST}:
        return rest, ending
    return name, ""


def _makers_spelling(name: str) -> str:
    for order in CLAUDE_ORDERS:
        if found := order.match(name):
            return _claude(found)
    return ALIASES.get(name, name)


def _claude(found: re.Match[str]) -> str:
    major, minor = found["major"], found["minor"]
    version = major if minor in {None, "0"} else f"{major}-{minor}"
    words = (version, found["family"]) if int(major) < FIRST_VERSION_WITH_FAMILY_FIRST else (found["family"], version)
    return "-".join(("claude", *words)) + (found["rest"] or "")
