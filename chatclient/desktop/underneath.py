"""What colour lies under a point of a canvas, so that a round corner over it can be composed onto that."""

import tkinter as tk


def underneath(canvas: tk.Canvas, x: int, y: int) -> str:
    """`#RRGGBB` of what is drawn there, text aside; x and y count in the widget, not on the canvas."""
    left, top = canvas.canvasx(x), canvas.canvasy(y)
    for item in reversed(canvas.find_overlapping(left, top, left, top)):
        kind = str(canvas.type(item))
        if kind in ("rectangle", "polygon"):
            fill = str(canvas.tk.call(str(canvas), "itemcget", item, "-fill"))
            if fill:
                return fill
        elif kind == "image":
            colour = _pixel(canvas, item, int(left), int(top))
            if colour:
                return colour
    return str(canvas.cget("background"))


def _pixel(canvas: tk.Canvas, item: int, x: int, y: int) -> str:
    """Of an image; "" where it is transparent there."""
    image = canvas.tk.call(str(canvas), "itemcget", item, "-image")
    left, top, right, bottom = canvas.bbox(item)
    if not (left <= x < right and top <= y < bottom):
        return ""
    place = (x - left, y - top)
    if canvas.tk.getboolean(canvas.tk.call(image, "transparency", "get", *place)):
        return ""
    red, green, blue = canvas.tk.splitlist(canvas.tk.call(image, "get", *place))
    return f"#{int(red):02X}{int(green):02X}{int(blue):02X}"
