"""Who holds what: the ledger, inventories, equipment, loot and the shop."""
