"""The PUSH (ADMS) protocol of terminals that call their server: both dialects, and the listener."""
