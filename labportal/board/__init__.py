"""The live board of a class: who needs help, who is where, and what stops them."""
