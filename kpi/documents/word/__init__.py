"""Word files (docx) → blocks: ``docx`` walks the body, ``cells`` the tables, ``runs`` the text, ``numbering`` lists."""
