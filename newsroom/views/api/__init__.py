"""The API, version 1: what programs read and write, and how it is described to them."""
