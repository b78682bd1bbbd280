"""The first content: readable data in `*.toml`, loaded once into an empty site and staff's from then on."""
