"""The first content as data in `*.toml`; it is loaded once, into an empty site, and edited by staff from then on."""
