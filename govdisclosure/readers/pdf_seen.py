"""What the eye sees of a page's characters: the rendered page decides.

Characters that may be unseen (drawn invisibly, transparent, light, clipped, on a layer, painted over) are taken off,
and the page is rendered with and without them: what changes nothing was never seen. One rule for all the ways of hiding.
"""

from __future__ import annotations

from itertools import repeat

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers import pdf_raw as raw
from govdisclosure.readers.pdf_drawn import Drawn

DPI = 144
FILLED = (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE)
LIGHT = 110  # grey (0 black, 255 white) from which a colour may be too light for its ground
UNSEEN = 20  # steps of grey by which a seen character differs from its ground
WATERMARK = 60  # and one that is print, no watermark
FAINT = 130  # and one that is print if it is large or stands over other print
LARGE = 1.8  # sizes of the text
MANY = 4_000_000  # pairs of characters, or of one and what may cover it, that are looked at


def unseen(page, text, boxes, owners, first: dict[int, int], drawn: Drawn, pictured):
    """Indexes of characters that can't be seen or are a watermark; of those among them that are not drawn at all, and of
    those in whose place something else is drawn that is no text: three sets.

    ``boxes`` as shown, ``owners`` each one's number in ``first`` (-1 for none), text object → first character;
    ``pictured``: boxes in points of the picture that PDFium renders.
    """
    objects = list(first)
    modes = numpy.array([*map(raw.RENDER_MODE, objects)], int)
    clips = map(raw.CLIPS, map(raw.CLIP, objects))
    cut = numpy.array([n > 0 and raw.is_cut(at) for at, n in zip(objects, clips)], bool)
    at = repeat(raw.address(text))
    colour = raw.fill(raw.COLOUR, len(first), numpy.int32, 4, 4, at, first.values())
    light = (colour @ (0.3, 0.59, 0.11, 0) > LIGHT) | (colour[:, 3] < 255)
    layered = numpy.array([owner in drawn.layered for owner in objects], bool)
    doubt = numpy.append(light | cut | layered | ~numpy.isin(modes, FILLED), False)
    suspect = doubt[owners]
    if drawn.covers and objects:
        suspect |= _covered(boxes, [drawn.painted.get(at, -1.0) for at in objects], owners, drawn)
    suspects = numpy.flatnonzero(suspect & (owners >= 0))
    if not len(suspects):
        return set(), set(), set()
    suspected = {objects[i] for i in owners[suspects].tolist()}
    most, contrast, ground = _contrast(page, suspected, pictured[suspects])
    gone = most < UNSEEN
    faint = numpy.flatnonzero(~gone & light[owners[suspects]] & (contrast < FAINT))
    kinds = numpy.hstack((colour[owners[suspects]], _height(boxes[suspects])[:, None])).round()
    for kind in numpy.unique(kinds[faint], axis=0):
        alike = faint[(kinds[faint] == kind).all(1)]
        others = numpy.setdiff1d(numpy.flatnonzero(owners >= 0), suspects)
        if contrast[alike].max() < WATERMARK or _marks(boxes, suspects[alike], others):
            gone[alike] = True
    invisible = numpy.append(modes == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, False)
    hidden = suspects[gone]
    undrawn = hidden[invisible[owners[hidden]]]
    dark = ~(light | cut | layered)[owners[suspects]]
    inked = suspects[(most < UNSEEN) & (ground > FAINT) & dark]
    shown = numpy.setdiff1d(numpy.flatnonzero(owners >= 0), hidden)
    if len(inked) * len(shown) < MANY:  # PDFium tells print that is printed twice but once
        inked = inked[~_inside(boxes[shown], boxes[inked]).any(1)]
    return set(hidden.tolist()), set(undrawn.tolist()), set(inked.tolist())


def _covered(boxes, painted: list[int], owners, drawn: Drawn) -> numpy.ndarray:
    """Which characters something lies over that is painted later."""
    when = numpy.append(painted, numpy.inf)[owners]
    if len(drawn.covers) * len(boxes) > MANY:
        return owners >= 0
    orders, covers = zip(*drawn.covers)
    return (_inside(boxes, numpy.array(covers)) & (when <= numpy.array(orders)[:, None])).any(0)


def _inside(boxes, around) -> numpy.ndarray:
    """[i, j]: whether the middle of box j lies in box i of those ``around``."""
    x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
    x0, y0, x1, y1 = around.T[:, :, None]
    return (x0 < x) & (x < x1) & (y0 < y) & (y < y1)


def _height(boxes) -> numpy.ndarray:
    return boxes[:, 3] - boxes[:, 1]


def _contrast(page, objects: set[int], places):
    """By how many steps of grey the picture changes in each place when the objects are taken off: at most, and mostly;
    and how many steps there are in what is left."""
    before, scale = raw.render(page, DPI)
    for item in objects:
        pdfium.FPDFPageObj_SetIsActive(raw.handle(item), False)
    after = raw.render(page, DPI)[0].astype(numpy.int16)
    margin = 0.15 * (places[:, [2]] - places[:, [0]])
    places = numpy.nan_to_num((places + margin * (1, 0, -1, 0)) / scale).clip(0, 1e6).round()
    found = []
    for x0, y0, x1, y1 in places.astype(int).tolist():
        cut = slice(y0, y1 + 1), slice(x0, x1 + 1)
        change, inner = numpy.abs(before[cut] - after[cut]), (y1 - y0) // 4
        rest = after[y0 + inner : y1 + 1 - inner, cut[1]]
        changed = numpy.sort(change[change >= UNSEEN])
        mostly = changed[len(changed) * 7 // 10] if len(changed) else 0
        found.append((change.max(initial=0), mostly, numpy.ptp(rest) if rest.size else 0))
    return numpy.array(found).T


def _marks(boxes, alike, others) -> bool:
    """Whether faint characters of one kind are set large, or stand over other print."""
    if len(alike) * len(others) > MANY:
        return True
    if not len(others):
        return False
    large = LARGE * numpy.median(_height(boxes[others]))
    return _height(boxes[alike]).max() > large or bool(_inside(boxes[others], boxes[alike]).any())
