"""The public pages: what stands at an address, the menus, previews of drafts, the site map."""
