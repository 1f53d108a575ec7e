"""One office's people on all of its terminals: what each holds, what is missing where, and writing it."""
