"""What goes wrong on the wire."""


class BatchError(Exception):
    """A frame or receipt that does not say what the contract allows; the text says what is wrong."""
