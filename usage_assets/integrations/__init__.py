"""What differs between vendors: request windows and parameters, lags, re-reads, and the paths of token counts."""
