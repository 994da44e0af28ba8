"""What is learnt from: pictures, photos, corrections, scenes."""
