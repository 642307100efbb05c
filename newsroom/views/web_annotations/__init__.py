"""Web Annotations by the W3C's protocol: how it is spoken, what is read and written, at which address."""
