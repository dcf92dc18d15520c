"""Accounts of authors."""
