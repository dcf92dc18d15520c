"""Bytes in pieces, as a network delivers them."""

import itertools


def cut(data, places):
    """The bytes in pieces that begin at these places."""
    edges = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(edges)]
