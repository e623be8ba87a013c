"""AI models with what their tokens cost here: close to the public prices, and not meant to be them."""

from dataclasses import dataclass

from truto_sandbox.draws import Draws
from truto_sandbox.items import Row, Tokens


@dataclass(frozen=True, slots=True)
class Model:
    """A model; the prices are in millionths per thousand tokens."""

    id: str
    provider: str
    input_price: int
    output_price: int

    def as_json(self) -> Row:
        """The row's `model`."""
        return {"id": self.id, "provider": self.provider}

    def cost(self, tokens: Tokens) -> int:
        """What the tokens are worth, in millionths; cache reads a tenth, cache writes five quarters."""
        read = 10 * tokens.uncached + tokens.cached + 25 * tokens.written // 2
        return (self.input_price * read // 10 + self.output_price * tokens.output) // 1000


def draw_tokens(draws: Draws, requests: int, known: int) -> Tokens:
    """Tokens of that many requests, of which `known` thousandths have come in."""
    return Tokens(
        uncached=requests * draws.between(400, 2600) * known // 1000,
        cached=requests * draws.between(1500, 14_000) * known // 1000,
        written=requests * draws.between(100, 1200) * known // 1000,
        output=(output := requests * draws.between(250, 1100) * known // 1000),
        reasoning=output * draws.between(0, 60) // 100,
        requests=max(1, requests * known // 1000),
    )
