"""One module per kind of device. Every source feeds the one intake."""
