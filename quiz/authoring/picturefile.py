"""Pictures as they come from authors, and as they are kept: one small WebP, whatever came. Pure: bytes in, bytes out.

What comes is never passed on: it is decoded within limits and encoded anew, so that nothing of the file but its pixels
reaches a player: no place where a photo was taken, no script in a comment, no second file behind the first.
"""

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MAX_FILE_BYTES = 5 * 2**20  # a phone's photo has 2 to 5 MB
MAX_PIXELS = 25_000_000  # what phones take by default has 12 to 24 million; made small they take 230 MB for a moment
MAX_SIDE_RATIO = 8  # a strip that is longer shows nothing at a phone's width
QUESTION_SIDE = 1_600  # pixels; sharp on a projector, where it has two thirds of the height
CHOICE_SIDE = 800  # pixels; a third of the width of a projector
QUALITY = 80  # of 100: differences are not to be seen, 100 to 250 KB at 1,600 pixels
MAX_ALT_CHARS = 200  # what a screen reader says in some fifteen seconds
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # what browsers and phones make; nothing else is even tried

SCALED_WELL = ("RGB", "RGBA", "L", "CMYK")  # modes whose neighbouring pixels can be mixed; palettes cannot
GROUND = "white"  # drawings with a transparent ground are made for paper


class BadPicture(Exception):
    """A file that is not taken as a picture; ``code`` says why (``wording.PICTURES`` has the sentence for it)."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept: WebP, ``width`` and ``height`` in pixels."""

    content: bytes
    width: int
    height: int


def encode(content: bytes, longest_side: int) -> Encoded:
    """Make of an uploaded file what is kept of it; of an animation its first frame.

    Args:
        content: the file.
        longest_side: pixels; larger pictures are scaled down to it, smaller ones stay.

    Raises:
        BadPicture: ``picture-too-heavy``, ``picture-unknown``, ``picture-too-large``, ``picture-too-narrow`` or
            ``picture-broken``.
    """
    refuse_heavy(len(content))
    with _opened(content) as image:
        _judge(*image.size)
        try:
            return _webp(_upright_and_small(image, longest_side))
        except (OSError, ValueError, SyntaxError, IndexError, EOFError, struct.error) as error:  # of broken bytes
            raise BadPicture("picture-broken") from error


def refuse_heavy(size: int) -> None:
    """Refuse a file of so many bytes, if they are too many, before it is read; :class:`BadPicture`."""
    if size > MAX_FILE_BYTES:
        raise too_heavy()


def too_heavy() -> BadPicture:
    """Of a file of too many bytes."""
    return BadPicture("picture-too-heavy", mebibytes=MAX_FILE_BYTES // 2**20)


def _opened(content: bytes) -> Image.Image:
    # The format is told by the first bytes, whatever the file is called. Pillow's own alarm comes at more pixels than
    # ours and is one of the two things that happen; the other is a warning, which would only be logged.
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture("picture-unknown") from error


def _judge(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large()
    if max(width, height) > MAX_SIDE_RATIO * min(width, height):
        raise BadPicture("picture-too-narrow", ratio=MAX_SIDE_RATIO)


def _too_large() -> BadPicture:
    return BadPicture("picture-too-large", megapixels=MAX_PIXELS // 10**6)


def _upright_and_small(image: Image.Image, longest_side: int) -> Image.Image:
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in SCALED_WELL:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)  # a JPEG is not even decoded any larger
    ImageOps.exif_transpose(image, in_place=True)
    return _flat(image)


def _flat(image: Image.Image) -> Image.Image:
    """The picture in RGB on a white ground: it then looks the same by day and by night."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, GROUND), layer).convert("RGB")


def _webp(image: Image.Image) -> Encoded:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY)  # EXIF, XMP and colour profile would have to be handed over here
    return Encoded(file.getvalue(), *image.size)
