"""Settings: `embedded` is the default profile, `services` runs on real services, `test` is for tests."""
