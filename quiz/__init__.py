"""The game: the Django project and its apps."""
