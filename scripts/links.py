#!/usr/bin/env python3
"""Says which links inside a site lead to no page or to no place on it: `links.py FOLDER`, exit 1 if any do."""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.places, self.links = set(), []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.places.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


root = pathlib.Path(sys.argv[1]).resolve()
# What mdBook makes of all pages together, or for addresses that are none.
LEFT_OUT = {"404.html", "print.html", "toc.html"}
pages = {it: Page(it) for it in sorted(root.rglob("*.html")) if it.name not in LEFT_OUT}
broken = 0
count = 0
for path, page in pages.items():
    for link in page.links:
        address = urllib.parse.urlsplit(link)
        if address.scheme or address.netloc:
            continue
        count += 1
        target = (path.parent / urllib.parse.unquote(address.path)).resolve() if address.path else path
        target = target / "index.html" if target.is_dir() else target
        place = urllib.parse.unquote(address.fragment)
        if not target.exists() or (place and target in pages and place not in pages[target].places):
            print(f"{path.relative_to(root)}: {link}", file=sys.stderr)
            broken += 1
print(f"{len(pages)} pages, {count} links, {broken} broken")
sys.exit(1 if broken or not pages else 0)
