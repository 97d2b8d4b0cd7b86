"""How does an auction session lose nothing? Its log in the database, one writer, timers, watchers, receipts."""
