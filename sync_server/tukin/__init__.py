"""From daily facts to tukin: rule sets by decree, cuts with reasons, the month. Pure."""
