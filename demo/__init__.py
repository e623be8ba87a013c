"""`make demo`: run the pipeline against the sandbox, show the cost tables and the UI. Not part of the package."""
