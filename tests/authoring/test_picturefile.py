"""Whatever comes as a picture leaves as a small WebP of its pixels alone, or not at all."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quiz.authoring import picturefile
from quiz.authoring.picturefile import MAX_PIXELS, BadPicture, encode

SIDE = 1_600
RED, GREEN, BLUE = (200, 30, 30), (30, 160, 60), (30, 60, 200)


def saved(image: Image.Image, format: str = "PNG", **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **more)
    return file.getvalue()


def plain(size: tuple[int, int] = (60, 40), colour: Any = RED, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def halves(left: Any, right: Any, size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = plain(size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image


def kept(content: bytes, side: int = SIDE) -> Image.Image:
    encoded = encode(content, side)
    image = Image.open(io.BytesIO(encoded.content))
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (encoded.width, encoded.height))
    return image


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 16 for a, b in zip(pixel, colour, strict=True))


def refusal(content: bytes) -> str:
    with pytest.raises(BadPicture) as refused:
        encode(content, SIDE)
    return refused.value.code


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of that size, by its own account, without pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (head, b"IDAT")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_browsers_show_is_taken(format: str) -> None:
    image = kept(saved(plain(), format))
    assert image.size == (60, 40)
    assert near(image.getpixel((30, 20)), RED)


def test_a_large_picture_is_scaled_down_and_a_small_one_stays() -> None:
    content = saved(plain((3_000, 2_000)), "JPEG")
    assert kept(content, 1_600).size == (1_600, 1_067)
    assert kept(content, 800).size == (800, 533)
    assert kept(saved(plain((10, 10))), 800).size == (10, 10)


def test_a_photo_stands_upright_and_does_not_tell_where_it_was_taken() -> None:
    image = halves(RED, BLUE)
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[2] = (45.0, 27.0, 0.0)
    content = saved(image, "JPEG", exif=exif, comment=b"secret comment", icc_profile=b"secret profile")
    assert b"Maker" in content
    upright = kept(content)
    assert upright.size == (40, 60)
    assert near(upright.getpixel((20, 5)), RED)
    assert near(upright.getpixel((20, 55)), BLUE)
    assert not upright.getexif()
    bare = encode(content, SIDE).content
    assert not any(word in bare for word in (b"EXIF", b"Maker", b"secret", b"ICCP", b"XMP"))


def test_what_hangs_behind_or_within_a_picture_is_not_passed_on() -> None:
    with_text = saved(plain(), "PNG") + b"<script>alert(1)</script>"
    assert b"script" not in encode(with_text, SIDE).content


@pytest.mark.parametrize(
    ("mode", "colour", "format", "shown"),
    [
        ("CMYK", (0, 255, 255, 0), "JPEG", (255, 0, 0)),
        ("L", 120, "PNG", (120, 120, 120)),
        ("LA", (0, 0), "PNG", (255, 255, 255)),
        ("RGBA", (0, 0, 0, 0), "PNG", (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), "PNG", (127, 127, 127)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("I;16", 32_768, "PNG", (128, 128, 128)),
    ],
)
def test_every_kind_of_colour_becomes_rgb_on_white(mode: str, colour: Any, format: str, shown: Any) -> None:
    assert near(kept(saved(plain((20, 20), colour, mode), format)).getpixel((10, 10)), shown)


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    image = plain((20, 20), 1, "P")
    image.putpalette([*RED, *GREEN])
    assert near(kept(saved(image, transparency=1)).getpixel((10, 10)), (255, 255, 255))
    assert near(kept(saved(image, transparency=0)).getpixel((10, 10)), GREEN)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_frame(format: str) -> None:
    frames = [plain(colour=colour) for colour in (GREEN, BLUE, RED)]
    content = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100, loop=0)
    image = kept(content)
    assert getattr(image, "n_frames", 1) == 1
    assert near(image.getpixel((30, 20)), GREEN)


def test_options_of_the_same_pixels_have_the_same_bytes_whatever_their_file_was() -> None:
    assert encode(saved(plain(), "PNG"), 800) == encode(saved(plain(), "GIF"), 800)
    assert encode(saved(plain()), 800) == encode(saved(plain(), optimize=True), 800)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture-unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture-unknown"),
        (b"<!doctype html><script>alert(1)</script>", "picture-unknown"),
        (b"%PDF-1.7\n", "picture-unknown"),
        (saved(plain(), "TIFF"), "picture-unknown"),
        (saved(plain(), "BMP"), "picture-unknown"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture-unknown"),
        (png_that_says(30, 20), "picture-broken"),
        (png_that_says(5_001, 5_000), "picture-too-large"),
        (png_that_says(60_000, 60_000), "picture-too-large"),
        (png_that_says(801, 100), "picture-too-narrow"),
        (png_that_says(100, 801), "picture-too-narrow"),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_half_a_picture_is_refused(format: str) -> None:
    noise = Image.effect_noise((120, 120), 80).convert("RGB")
    content = saved(noise, format)
    assert refusal(content[: len(content) // 2]) in {"picture-broken", "picture-unknown"}


def test_a_file_of_many_pixels_in_few_bytes_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = saved(plain((5_100, 5_000), 1, "1"))
    assert len(bomb) < 20_000
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("decoded"))
    assert MAX_PIXELS < 5_100 * 5_000
    assert refusal(bomb) == "picture-too-large"


def test_a_heavy_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picturefile, "MAX_FILE_BYTES", 1_000)
    content = saved(plain())
    assert kept(content.ljust(1_000, b"\0"))
    assert refusal(content.ljust(1_001, b"\0")) == "picture-too-heavy"


SAMPLES = {format: saved(halves(RED, BLUE), format) for format in ("PNG", "JPEG", "WEBP", "GIF")}


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_any_bytes_are_a_picture_or_refused(format: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[format])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert encode(bytes(content), 100).content
    except BadPicture as refused:
        assert refused.code.startswith("picture-")
