"""A class of submissions: collected, graded by many workers, kept in a gradebook, and told."""
