"""Quizzes and questions: the editor, and one file per import format."""
