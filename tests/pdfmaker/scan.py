"""A PDF as a scanner makes it: each page one picture, on request turned a little, grey and dirty."""

from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def scanned(data: bytes, *, dpi: int = 200, turn: float = 0.0, wear: int = 0) -> bytes:
    """Pages of ``data`` as grey pictures; ``turn`` in degrees, ``wear`` specks of dirt a page and some blur."""
    pdf = pypdfium2.PdfDocument(data)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    rng = random.Random(7)
    for page in pdf:
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        if turn:
            picture = picture.rotate(turn, resample=Image.BICUBIC, fillcolor=255)
        if wear:
            picture = picture.filter(ImageFilter.GaussianBlur(0.7))
            for _ in range(wear):
                picture.putpixel(
                    (rng.randrange(picture.width), rng.randrange(picture.height)),
                    rng.randrange(120),
                )
        canvas.setPageSize(page.get_size())
        canvas.drawImage(ImageReader(picture), 0, 0, *page.get_size())
        canvas.showPage()
    canvas.save()
    pdf.close()
    return out.getvalue()
