"""How the law computes: one module per legal question. Pure, built on ``rules`` alone."""

# The product checks this marker when it starts, so that a foreign package of the same name is noticed.
ROOM_OF = "khoangsan"
