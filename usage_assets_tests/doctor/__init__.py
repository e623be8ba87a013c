"""The examination behind `usage-assets doctor`, on real files, locks and a real sandbox."""
