"""The shell: the only room with doors (command line, web, database, files)."""

# The product checks this marker when it starts, so that a foreign package of the same name is noticed.
ROOM_OF = "khoangsan"
