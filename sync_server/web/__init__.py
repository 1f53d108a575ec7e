"""The centre's pages: server-made HTML that works without JavaScript, and htmx where it helps."""
