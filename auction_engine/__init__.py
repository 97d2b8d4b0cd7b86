"""How an auction session runs: events, decisions, replay. Pure: no clock, no database, no network."""

# The product checks this marker when it starts, so that a foreign package of the same name is noticed.
ROOM_OF = "khoangsan"
