"""Request to answer, by audience: readers, the desk."""
