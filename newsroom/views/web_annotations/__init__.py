"""Web Annotations by the W3C's protocol: how it is spoken, what is read, at which address."""
