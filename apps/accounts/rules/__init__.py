"""The rules of accounts: which names are allowed, and how a character grows. Pure."""
