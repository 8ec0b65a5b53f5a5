"""Cells drawn like one that WeasyPrint laid out: other texts, in the same places and styles.

What can be drawn is a run of words that breaks into lines, or lines of several parts that do not
break, such as a figure with its mark. Of anything else there is no stamp.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from weasyprint.draw import draw_background
from weasyprint.draw.border import draw_border
from weasyprint.draw.text import draw_first_line
from weasyprint.formatting_structure import boxes
from weasyprint.matrix import Matrix
from weasyprint.text.constants import PANGO_WRAP_MODE
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout, line_size

_FONT = ("font_family", "font_size", "font_style", "font_weight", "font_stretch", "white_space")
# Widths are sums of rounded numbers.
_ROUGHLY = 0.01


class NoStampError(Exception):
    """Cells like this one have to be laid out one by one."""


class Pen(Layout):
    """Writes lines of one style. One layout of Pango is kept for all of them: to make one takes
    longer than to write."""

    def __init__(self, box: Any) -> None:
        style = box.style
        if style["text_decoration_line"] != "none" or style["visibility"] != "visible":
            raise NoStampError
        super().__init__(style)
        self.box = box.copy()
        self.box.pango_layout = self
        self.wraps = box.style["white_space"] in ("normal", "pre-wrap", "pre-line")
        self._widths: dict[str, float] = {}
        self._shown: dict[str, bytes] = {}
        pango.pango_layout_set_wrap(self.layout, PANGO_WRAP_MODE["WRAP_WORD_CHAR"])

    def reactivate(self, style: Any) -> None:
        """Called before and after each drawing; this one stays."""

    def deactivate(self) -> None:
        """The same."""

    def width(self, text: str) -> float:
        """How wide the text is on one line."""
        if (known := self._widths.get(text)) is None:
            self.set_text(text)
            known = self._widths[text] = line_size(self.get_first_line()[0], self.style)[0]
        return known

    def lines(self, text: str, width: float) -> list[tuple[int, int]]:
        """Where each line begins and ends, in letters of the text."""
        if not self.wraps or self.width(text) <= width + _ROUGHLY:
            return [(0, len(text))]
        pango.pango_layout_set_width(self.layout, int((width + _ROUGHLY) * TO_UNITS))
        self.set_text(text)
        found, number, encoded = [], 0, text.encode()
        while (line := pango.pango_layout_get_line_readonly(self.layout, number)) != ffi.NULL:
            begin = len(encoded[: line.start_index].decode())
            found.append((begin, begin + len(encoded[line.start_index :][: line.length].decode())))
            number += 1
        pango.pango_layout_set_width(self.layout, -1)
        return found

    def draw(self, stream: Any, text: str, x: float, baseline: float, number: int) -> None:
        """Write the text with its left edge and its baseline there, marked with this number."""
        stream.set_color(self.style["color"])
        shown = self._shown.get(text)
        if shown is None:
            shown = self._shown[text] = self._commands(stream, text)
        # In one piece, and as commands for marked content would write it.
        stream.stream.append(
            f"/Span <</MCID {number}>> BDC BT 1 0 0 -1 {x:.3f} {baseline:.3f} Tm".encode()
            + shown
            + b" ET EMC"
        )

    def _commands(self, stream: Any, text: str) -> bytes:
        """What shows the text, wherever that is."""
        self.set_text(text)
        self.box.text = text
        apart = stream.clone()
        draw_first_line(apart, self.box, "clip", "none", Matrix())
        return b"".join(b" " + command for command in apart.stream[1:])


class Piece(NamedTuple):
    """A line of text: x from the left of the row, y of its baseline from the first one."""

    pen: Pen
    text: str
    link: str
    x: float
    y: float
    width: float
    height: float


class Mark(NamedTuple):
    """A drawing without words, such as that of a status, and by how much it moves."""

    box: Any
    x: float
    y: float

    def draw(self, stream: Any, x: float, y: float) -> None:
        """Draw it where it stands in a row whose left edge and first baseline are these."""
        with stream.stacked():
            stream.transform(e=x + self.x, f=y + self.y)
            draw_background(stream, self.box.background)
            draw_border(stream, self.box)


class Placed(NamedTuple):
    """What stands in a cell; `above` and `below` are the room around its first baseline."""

    pieces: list[Piece]
    marks: list[Mark]
    above: float
    below: float


class Stamp:
    """A cell as laid out; `x` is its left edge from that of its row."""

    def __init__(self, row: Any, cell: Any) -> None:
        if cell.background is not None:
            raise NoStampError
        self.cell = cell
        self.x = cell.content_box_x() - row.position_x
        self.width = cell.width
        self.is_right = _is_right(cell.style)
        self.lines = list(_lines(cell))
        if not self.lines:
            raise NoStampError
        first = self.lines[0]
        self.above = cell.border_top_width + _pixels(cell.style["padding_top"]) + first.baseline
        self.baseline = first.position_y + first.baseline
        bottom = max(line.position_y + line.height for line in self.lines)
        self.below = (
            bottom
            - self.baseline
            + _pixels(cell.style["padding_bottom"])
            + cell.border_bottom_width
        )

    def placed(self, texts: Sequence[str], links: Sequence[str]) -> Placed | None:
        """The texts in their places; None if there is no room for them."""
        raise NotImplementedError

    def _start(self, width: float) -> float:
        """Where a line of this width begins."""
        return self.x + (self.width - width if self.is_right else 0)


class Words(Stamp):
    """Words in one font that break into lines, some of them links."""

    def __init__(self, row: Any, cell: Any, texts: Sequence[str]) -> None:
        super().__init__(row, cell)
        if self.lines != list(cell.children):
            raise NoStampError
        written = [box for line in self.lines for box in _parts(line)]
        if not all(isinstance(box, boxes.TextBox) for box in written):
            raise NoStampError
        fonts = {tuple(str(box.style[name]) for name in _FONT) for box in written}
        if len(fonts) != 1 or len({box.style["vertical_align"] for box in written}) > 1:
            raise NoStampError
        self.height = self.lines[0].height
        self.is_rtl = cell.style["direction"] == "rtl"
        self.pens = _pens(texts, [box for box in written if box.text.strip()])
        self.below -= (len(self.lines) - 1) * self.height
        # How the words as a whole break.
        self.pen = next(pen for pen in self.pens if pen)

    def placed(self, texts: Sequence[str], links: Sequence[str]) -> Placed | None:
        """As many lines as it takes."""
        whole = "".join(texts)
        begin, end = len(whole) - len(whole.lstrip(" ")), len(whole.rstrip(" "))
        pieces: list[Piece] = []
        lines = self.pen.lines(whole[begin:end], self.width)
        for number, (start, stop) in enumerate(lines):
            pieces += self._line(number, start + begin, stop + begin, texts, links)
        below = self.below + (len(lines) - 1) * self.height
        return Placed(pieces, [], self.above, below)

    def _line(
        self, number: int, start: int, stop: int, texts: Sequence[str], links: Sequence[str]
    ) -> Iterator[Piece]:
        """The parts of the texts that stand on one line."""
        parts: list[tuple[Pen, str, str, float]] = []
        at = 0
        for pen, text, link in zip(self.pens, texts, links, strict=True):
            part = text[max(start - at, 0) : max(stop - at, 0)]
            if at + len(text) >= stop:
                part = part.rstrip(" ")
            if part and pen is not None:
                parts.append((pen, part, link, pen.width(part)))
            at += len(text)
        left = self._start(sum(width for *_others, width in parts))
        for at, (pen, part, link, width) in enumerate(parts):
            # They follow one another from the right where words do; read they are in their order.
            before = parts[at + 1 :] if self.is_rtl else parts[:at]
            x = left + sum(width for *_others, width in before)
            if part.strip():
                yield Piece(pen, part, link, x, number * self.height, width, self.height)


class _Part(NamedTuple):
    """A text in a line, with its number and what writes it, or a drawing."""

    box: Any
    number: int = -1
    pen: Pen | None = None


class Parts(Stamp):
    """Lines of several parts, in different fonts or with a drawing; none of them breaks."""

    def __init__(self, row: Any, cell: Any, texts: Sequence[str]) -> None:
        super().__init__(row, cell)
        self.left = row.position_x
        numbers = iter([number for number, text in enumerate(texts) if text.strip()])
        # From left to right, which need not be the order of the words.
        self.parts = [
            sorted(_numbered(line, texts, numbers), key=lambda part: part.box.position_x)
            for line in self.lines
        ]
        if next(numbers, None) is not None:
            raise NoStampError

    def placed(self, texts: Sequence[str], links: Sequence[str]) -> Placed | None:
        """Each part as far from its neighbours as in the cell that was laid out."""
        pieces: dict[int, Piece] = {}
        marks: list[Mark] = []
        for line in self.parts:
            grown = [
                part.pen.width(texts[part.number].strip()) - part.box.width if part.pen else 0.0
                for part in line
            ]
            if sum(grown) > self._room(line):
                return None
            moved = -sum(grown) if self.is_right else 0.0
            for part, growth in zip(line, grown, strict=True):
                box, x = part.box, moved - self.left
                if part.pen is None:
                    marks.append(Mark(box, x, -self.baseline))
                else:
                    y = box.position_y + box.baseline - self.baseline
                    text, link = texts[part.number].strip(), links[part.number]
                    size = box.width + growth, box.height
                    pieces[part.number] = Piece(part.pen, text, link, box.position_x + x, y, *size)
                moved += growth
        return Placed([pieces[number] for number in sorted(pieces)], marks, self.above, self.below)

    def _room(self, line: Sequence[_Part]) -> float:
        """By how much the line may still grow."""
        begin = min((part.box.position_x for part in line), default=0)
        end = max((part.box.position_x + part.box.margin_width() for part in line), default=0)
        room = begin - self.x if self.is_right else self.x + self.width - end
        return max(room + (-self.left if self.is_right else self.left), 0) + _ROUGHLY


def _numbered(line: Any, texts: Sequence[str], numbers: Iterator[int]) -> Iterator[_Part]:
    """The parts of a line, each text with its number."""
    for box in _parts(line):
        if not isinstance(box, boxes.TextBox):
            yield _Part(box)
        elif said := box.text.strip():
            number = next(numbers, -1)
            if number < 0 or texts[number].strip() != said:
                raise NoStampError
            yield _Part(box, number, Pen(box))


def stamp_of(row: Any, cell: Any, texts: Sequence[str]) -> Stamp | None:
    """What cells like this one are drawn by; None if each has to be laid out.

    row, cell: boxes of a rendered document. texts: what is written in the cell.
    """
    for kind in (Words, Parts):
        try:
            return kind(row, cell, texts)
        except NoStampError:
            continue
    return None


def _lines(box: Any) -> Iterator[Any]:
    """The lines within a block, and within the blocks in it."""
    for child in box.children:
        if isinstance(child, boxes.LineBox):
            yield child
        elif type(child) is boxes.BlockBox and not _is_painted(child):
            yield from _lines(child)
        else:
            raise NoStampError


def _parts(box: Any) -> Iterator[Any]:
    """What stands in a line: texts, and drawings without words."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif type(child) not in (boxes.InlineBox, boxes.InlineBlockBox):
            raise NoStampError
        elif _is_painted(child):
            if any(isinstance(inner, boxes.TextBox) for inner in child.descendants()):
                raise NoStampError
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from _parts(child)
        else:
            for line in _lines(child):
                yield from _parts(line)


def _is_painted(box: Any) -> bool:
    sides = ("top", "right", "bottom", "left")
    return (
        box.background is not None
        or any(getattr(box, f"border_{side}_width") for side in sides)
        or bool(box.transformation_matrix)
    )


def _pens(texts: Sequence[str], written: Sequence[Any]) -> list[Pen | None]:
    """For each text the pen that wrote it; one for blanks takes that of the text before."""
    whole, at = "".join(texts), 0
    found: dict[int, Pen] = {}
    ends = [sum(map(len, texts[: number + 1])) for number in range(len(texts))]
    for box in written:
        begin = whole.find(box.text.strip(), at)
        if begin < 0:
            raise NoStampError
        number = next(number for number, end in enumerate(ends) if begin < end)
        found.setdefault(number, Pen(box))
        at = begin + len(box.text.strip())
    pens: list[Pen | None] = []
    for number, text in enumerate(texts):
        if text.strip() and number not in found:
            raise NoStampError
        pens.append(found.get(number) or (pens[-1] if pens else None))
    if not found:
        raise NoStampError
    return pens


def _is_right(style: Any) -> bool:
    """Whether lines end at the right edge. NoStampError if they stand in the middle."""
    align, is_rtl = style["text_align_all"], style["direction"] == "rtl"
    if align in ("center", "justify"):
        raise NoStampError
    return align == "right" or (align == "end" and not is_rtl) or (align == "start" and is_rtl)


def _pixels(length: Any) -> float:
    """A length of a style in CSS pixels; NoStampError for a share of something."""
    if getattr(length, "unit", "px").lower() != "px":
        raise NoStampError
    return float(getattr(length, "value", length))
