"""HTML that a student wrote or made: what is left of it can do nothing but be read."""

import re
from collections.abc import Iterable
from typing import Final

import nh3

_TAGS: Final = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p",
    "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "details": {"open"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LINK = re.compile(r"https?://[^\s]+|mailto:[^\s]+|#[\w-]*")
# A picture of the unit's own folder, or one that the text carries. Any other would be a request
# that goes out with the teacher's session.
_PICTURE = re.compile(
    r"figuras/[\w-]+\.(?:svg|png|jpe?g|gif)|data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*"
)
_ALLOWED_VALUES: Final = {("a", "href"): _LINK, ("img", "src"): _PICTURE}


def clean_html(html: str, *, span_classes: Iterable[str] = ()) -> str:
    """HTML without scripts, forms, frames, styles, identifiers and requests.

    Args:
        html: any text.
        span_classes: classes that a ``span`` may keep; all others go.
    """
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"span": set(span_classes), "table": {"dataframe"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    allowed = _ALLOWED_VALUES.get((tag, name))
    return value if allowed is None or allowed.fullmatch(value) else None
