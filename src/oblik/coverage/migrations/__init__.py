"""Steps of the tables of what cameras see."""
