"""Which texts of a question phones show, and which stay on the wall. Pure: the shared part of a state in and out.

What a phone is not to show is not sent to it: docs/decisions/0052-more-time-in-private.md.
"""

from typing import Any

from quiz import kinds
from quiz.play.options import PhoneText

Data = dict[str, Any]


def for_phones(shared: Data, shows: PhoneText) -> Data:
    """What players get of :func:`quiz.play.messages.shared`: without the texts and pictures that stay on the wall.

    Of a kind whose options have no letters the options stay as they are: nobody could choose without them.
    """
    question, reveal = shared["question"], shared["reveal"]
    if shows is PhoneText.FULL or question is None:
        return shared
    question = {**question, "text": "", "rich": None, "picture": None}
    if shows is PhoneText.LETTERS and kinds.named(question["kind"]).lettered:
        question["choices"] = [{"id": choice["id"], "text": ""} for choice in question["choices"]]
    if reveal is not None:
        reveal = {**reveal, "explanation": "", "rich": None}
    return {**shared, "question": question, "reveal": reveal}
