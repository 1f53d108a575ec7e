"""Fingerprint sensors of the ZFM family (R30x, R50x, ZFM-20/60/70) on a serial port."""
