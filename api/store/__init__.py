"""What is kept: licences, imports and the officer's own mappings, in SQLite or PostgreSQL behind one interface."""
