"""What staff work with: the admin site, its dashboard with alerts and charts, roles, and the first content of a site.

This app may import every other one; none of them imports it.
"""
