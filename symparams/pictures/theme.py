"""The colours of pictures: few, and told apart by people who do not see all of them (after Okabe and Ito)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import UsageFault, listing


class Theme(NamedTuple):
    """Colours of the page, of text, of text that stands back, of lines; of nodes by role; of data, in order."""

    page: str
    ink: str
    quiet: str
    line: str
    faint: str
    nodes: dict[str, str]
    data: tuple[str, ...]
    other: str

    def fill(self, role: str) -> str:
        return self.nodes.get(role, self.page)


THEMES = {
    "light": Theme(
        page="#ffffff",
        ink="#1a1a1a",
        quiet="#5a5f66",
        line="#8a9099",
        faint="#e3e6ea",
        nodes={"input": "#eef0f2", "output": "#eef0f2", "layer": "#ffffff", "block": "#e8f1f8", "merge": "#fdf1e3"},
        data=("#3b7fb5", "#d5761f", "#3a9b7a", "#b0679b", "#c9a227", "#6bb0dc", "#7a6fb3"),
        other="#b9bfc6",
    ),
    "dark": Theme(
        page="#16191d",
        ink="#e8eaed",
        quiet="#a4abb3",
        line="#7d858e",
        faint="#30363d",
        nodes={"input": "#262b31", "output": "#262b31", "layer": "#1d2126", "block": "#1b3347", "merge": "#45331c"},
        data=("#5aa3d8", "#eb9a4b", "#55b896", "#cf8fbd", "#dfc04f", "#8fcdf0", "#9f95d6"),
        other="#656d76",
    ),
}


def theme_of(name: str) -> Theme:
    """The theme with this name. Raises SymparamsError where there is none."""
    if name not in THEMES:
        raise UsageFault(f"there is no theme {name!r}", None, f"the themes are {listing(THEMES)}")
    return THEMES[name]
