"""HTML elements by what they do to text. Source: HTML Living Standard, §15 (rendering) and §13 (parsing)."""

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Elements that hold whole regions of a page; the article is one of these.
CONTAINERS = frozenset("div section article main header footer nav aside".split())
BREAKING = frozenset(
    "p br hr li ul ol dl dt dd pre blockquote center form fieldset legend address figure figcaption "
    "details summary body html caption menu dir listing optgroup".split()
)
GROUPS = frozenset(("thead", "tbody", "tfoot"))
SPANS = frozenset(("td", "th"))
# Drawn, run or filled in by the browser: their content is no text of the page.
REPLACED = frozenset(
    "svg math select object template canvas audio video xml datalist applet noembed".split()
)
