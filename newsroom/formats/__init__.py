"""What comes in and goes out: one file a format, and a neighbour is the manual. A format is pure shape."""
