"""The first content of an empty site (`manage.py first_content`): petition, letter campaign, pages, news, actions.

The texts are data (data/*.toml, with a folder for each further language). They are loaded once; from then on staff edit
them.
"""

from backoffice.first_content.content import seed_pages
from backoffice.first_content.letters import seed_letters, seed_parliament
from backoffice.first_content.petition import seed_petitions


def fill(*, is_demo: bool) -> list[str]:
    """Fill each kind of content of which there is none; return the names of these kinds."""
    made = {"petition": seed_petitions(is_demo=is_demo), "letter campaign": seed_letters(is_demo=is_demo)}
    if is_demo:
        made["example of a parliament"] = seed_parliament()
    return [name for name, one in made.items() if one] + seed_pages(is_demo=is_demo)
