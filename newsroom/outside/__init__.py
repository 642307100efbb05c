"""The only room that touches the network. It knows no row.

mail         a letter, handed over to the mail server
"""
