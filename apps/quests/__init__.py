"""Stories that advance by what characters do."""
