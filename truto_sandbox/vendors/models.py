"""AI models with the prices of the sandbox, which are close to the public prices but not equal."""

from dataclasses import dataclass

from truto_sandbox.items import Row, Tokens
from truto_sandbox.seeded_random import SeededRandom


@dataclass(frozen=True, slots=True)
class Model:
    """A model; prices are in millionths per thousand tokens."""

    id: str
    provider: str
    input_price: int
    output_price: int

    def as_json(self) -> Row:
        """Return the `model` of a row."""
        return {"id": self.id, "provider": self.provider}

    def cost(self, tokens: Tokens) -> int:
        """Return the cost of the tokens in millionths; a cache read costs 0.1 and a cache write 1.25 of the input."""
        read = 10 * tokens.uncached + tokens.cached + 25 * tokens.written // 2
        return (self.input_price * read // 10 + self.output_price * tokens.output) // 1000


def random_tokens(random: SeededRandom, requests: int, volume: int) -> Tokens:
    """Return the tokens of `requests` requests, scaled to `volume` thousandths."""
    return Tokens(
        uncached=requests * random.between(400, 2600) * volume // 1000,
        cached=requests * random.between(1500, 14_000) * volume // 1000,
        written=requests * random.between(100, 1200) * volume // 1000,
        output=(output := requests * random.between(250, 1100) * volume // 1000),
        reasoning=output * random.between(0, 60) // 100,
        requests=max(1, requests * volume // 1000),
    )
