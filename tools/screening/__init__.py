"""How the screening is taught, calibrated and measured: `make calibrate` and `make eval`."""
