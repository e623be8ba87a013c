"""Sum figures of series per key, over all scopes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage_assets.insights.daily_costs import Bools, Floats, Ints, Keys, Numbers


@dataclass(frozen=True)
class KeySums:
    """The keys of some series, and how to sum figures of these series per key.

    Attributes:
        keys: Scope and name of each key.
        positions: The position of each summed series, key after key and account after account; a series counts once in
            each scope.
        starts: Where the series of each key begin in `positions`.
        account_starts: Where the series of each account of each key begin in `positions`.
    """

    keys: list[tuple[str, str]]
    positions: Ints
    starts: Ints
    account_starts: Ints

    @classmethod
    def of(cls, scopes: dict[str, Keys], series: Ints, account_of: Ints) -> KeySums:
        """Return the keys of `series`, scope after scope."""
        keys, positions, codes = list[tuple[str, str]](), list[Ints](), list[Ints]()
        for scope, named in scopes.items():
            names, number = np.unique(named.of_series[series], return_inverse=True)
            order = np.lexsort((account_of[series], number))
            positions.append(order)
            codes.append(number[order] + len(keys))
            keys += [(scope, named.names[name]) for name in names]
        position, code = np.concatenate(positions), np.concatenate(codes)
        account = account_of[series][position]
        return cls(keys, position, _starts(code), _starts(code, account))

    def sum(self, values: Numbers) -> Numbers:
        """Return the sums of the rows of `values` per key."""
        sums: Numbers = np.add.reduceat(values[self.positions], self.starts, axis=0)
        return sums

    def root_of_squares(self, values: Floats) -> Floats:
        """Return, per key, the root of the summed squares of its accounts' sums: the deviation of independent sums."""
        of_accounts = np.add.reduceat(values[self.positions], self.account_starts, axis=0)
        starts = np.searchsorted(self.account_starts, self.starts)
        roots: Floats = np.sqrt(np.add.reduceat(of_accounts**2, starts, axis=0))
        return roots

    def smallest(self, values: Ints) -> Ints:
        """Return the smallest of `values` per key."""
        smallest: Ints = np.minimum.reduceat(values[self.positions], self.starts)
        return smallest

    def greatest(self, values: Ints) -> Ints:
        """Return the greatest of `values` per key."""
        greatest: Ints = np.maximum.reduceat(values[self.positions], self.starts)
        return greatest

    def any(self, values: Bools) -> Bools:
        """Return whether any of the rows of `values` is true, per key."""
        found: Bools = np.logical_or.reduceat(values[self.positions], self.starts, axis=0)
        return found


def _starts(*codes: Ints) -> Ints:
    """Return the positions at which any of the sorted `codes` changes, and the first."""
    is_start = np.ones(len(codes[0]), dtype=np.bool_)
    is_start[1:] = np.any([code[1:] != code[:-1] for code in codes], axis=0)
    return np.flatnonzero(is_start)
