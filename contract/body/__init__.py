"""The body of a frame: a model of what an office does, and the codecs that write its numbers."""
