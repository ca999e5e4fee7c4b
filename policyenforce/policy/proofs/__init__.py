"""What the lint proves, one module for each part of the house rules."""
