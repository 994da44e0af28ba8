"""How a network is trained: recipes, loops, devices, searches."""
