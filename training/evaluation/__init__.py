"""What a network is worth: scores, calibration, and the gate."""
