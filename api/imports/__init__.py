"""What comes in from outside: licence registers as provinces keep them."""
