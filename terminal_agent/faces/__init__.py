"""Faces: from a frame to a person, in the camera's own process."""
