"""What may be wrong with a city's folder."""


class CityError(Exception):
    """A file of the city cannot be used. The message names file, line, what was found, and what to write instead."""
