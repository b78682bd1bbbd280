"""How long the server takes for one visitor at a time, when nothing is kept from one request to the next."""

from dataclasses import replace
from functools import partial

from bench.petitions.pages import requests
from bench.report import Figure
from bench.stage import Stage

SLOWEST, SLOWEST_SEARCH = 50, 200  # ms
PAGES = {
    "first page": "/",
    "page below another": "/shelf-500/page-555/",
    "news": "/news/",
    "news, page 200": "/news/?page=200",
    "news of a year": "/news/?year=2020",
    "news item": "/news/item-2500/",
    "action list": "/how-you-can-help/governments/",
    "timeline": "/evidence/",
    "feed": "/news/feed.xml",
    "sitemap": "/sitemap.xml",
    "part of the sitemap": "/sitemap-pages-7.xml",
}
SEARCHES = {
    "search for a rare word": "/news/?q=zyxolith",
    "search for a word of every item": "/news/?q=trand",
    "search for two words in Japanese": "/ja/news/?q=%E5%99%A8%E5%AE%98%E7%A7%BB%E6%A4%8D+trand",
    "search of the whole site": "/search/?q=trand",
    "search for a word that is nowhere": "/news/?q=nowhere",
}


def figures(stage: Stage, pages: int, items: int, seconds: float) -> list[Figure]:
    stage.run("bench.pages.filling", str(pages), str(items))
    stage.execute("ANALYZE")
    fresh = replace(stage, environment={**stage.environment, "KEEP_SECONDS": "0"})
    with fresh.web() as port:
        asked = [figure for name, path in PAGES.items() for figure in time(fresh, port, name, path, seconds, SLOWEST)]
        return asked + [
            figure
            for name, path in SEARCHES.items()
            for figure in time(fresh, port, name, path, seconds, SLOWEST_SEARCH)
        ]


def time(stage: Stage, port: int, name: str, path: str, seconds: float, most: float) -> list[Figure]:
    ask = partial(requests, f"localhost:{port}", path)
    stage.measure(port, ask, connections=1, seconds=1)
    load = stage.measure(port, ask, connections=1, seconds=seconds)
    return [
        Figure(f"{name}: half within", load.percentile(0.5) * 1000, "ms"),
        Figure(f"{name}: 95 of 100 within", load.percentile(0.95) * 1000, "ms", most=most),
        Figure(f"{name}: errors", load.errors(200), most=0),
    ]
