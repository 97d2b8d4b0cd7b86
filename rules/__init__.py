"""What the law says: dated, cited parameters and the exact primitives that apply them. Pure: no clock, no network.

Rooms import one way: ``api -> auction_engine -> fees -> rules``.
"""

# Another distribution on the package index is also called `rules`; the product checks this marker when it starts.
ROOM_OF = "khoangsan"
