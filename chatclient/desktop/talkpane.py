"""What stands at the right of the rooms: the head of a conversation, its messages, and the box to write in.

It builds these parts and keeps them in their order. What they do is their owner's, who hands it in as `Uses`.
"""

import time
import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop import header
from chatclient.desktop.banner import Banner
from chatclient.desktop.composer import Composer, Doings
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.empty import Empty
from chatclient.desktop.header import Header
from chatclient.desktop.hover import OnHover, OnMenu
from chatclient.desktop.look import Look
from chatclient.desktop.panel import Panel
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.takenbar import TakenBar
from chatclient.desktop.typingline import TypingLine
from chatclient.desktop.unreadbar import UnreadBar
from chatclient.rows import Row

_WIDE: Final = 20
_NARROW: Final = 12


class Uses(NamedTuple):
    """What the parts do."""

    header: header.Actions
    composer: Doings
    retry_now: Callable[[], object]
    edge: Callable[[str], object]
    scrolled: Callable[[float], None]
    link: Callable[[str], None]
    action: Callable[[Row, str], None]
    menu: OnMenu
    hover: OnHover
    invite: Callable[[], object]
    set_topic: Callable[[], object]
    to_unread: Callable[[], object]


class TalkPane(Panel):
    """The parts are its attributes. `me` is who reads."""

    def __init__(self, master: tk.Misc, look: Look, uses: Uses, pictures: Pictures, me: str) -> None:
        super().__init__(master, "conv")
        self.header = Header(self, look, uses.header)
        self.banner = Banner(self, look, now=time.time, retry=uses.retry_now)
        self.view = ConversationView(
            self,
            look.theme,
            look.art,
            on_edge=uses.edge,
            on_scroll=lambda first, _last, _count: uses.scrolled(first),
            on_link=uses.link,
            on_action=uses.action,
            on_menu=uses.menu,
            on_hover=uses.hover,
            pictures=pictures,
            me=me,
        )
        self.empty = Empty(self, look, invite=uses.invite, set_topic=uses.set_topic)
        self.composer = Composer(self, look, uses.composer)
        self.taken = TakenBar(self, look, self.composer)
        self.typing = TypingLine(self, look)
        self.unread = UnreadBar(self, look, uses.to_unread)
        self.header.pack(side="top", fill="x")
        self.composer.pack(side="bottom", fill="x")
        self.view.pack(side="top", fill="both", expand=True)

    def narrow(self, narrow: bool) -> None:
        """Smaller margins, or the usual ones."""
        margin = _NARROW if narrow else _WIDE
        self.composer.margin(margin)
        self.typing.margin(margin)
        self.taken.margin(margin)
