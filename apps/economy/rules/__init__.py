"""Pure rules of the economy: dice in, amounts out; no database, no clock."""
