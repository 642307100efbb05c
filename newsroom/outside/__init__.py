"""The only room that touches the network. It knows no row; whoever needs a page fetches it before the deed.

fetch        a page by its address, from public places alone, bounded in size and time
addresses    which addresses of the network are public
identity     how the identity provider is asked
mail         a letter, handed over to the mail server
embedders    the embedding model that the newsroom named, if it named one
unfetchable  why a page was not fetched, in words for the person who asked
"""
