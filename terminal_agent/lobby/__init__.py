"""Where camera, screen and commands meet the agent: what they say, and what people are told."""
