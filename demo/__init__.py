"""`make demo`: the sandbox and the whole pipeline against it, the cost tables, and the UI. Not part of the package."""
