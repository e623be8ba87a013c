"""The differences between vendors: request windows and parameters, lags, re-reads, and paths of token counts."""
