"""Web pages (``html``) and web archives (``mhtml``) → blocks: ``walk`` the page, ``tables`` the tables."""
