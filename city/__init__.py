"""What is true of a city, kept as data that people who don't program can change."""

from city.errors import CityError
from city.loading import load_city
from city.model import City

__all__ = ["City", "CityError", "load_city"]
