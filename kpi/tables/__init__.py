"""Which tables are 绩效目标表, and what their heads, tiers and rows say.

``vocabulary`` (``headers.toml``, ``tiers.toml``) knows the words, ``find`` the tables, ``head`` the project's head,
``rows`` the indicators, ``identity`` the document's organisation and year, ``projects`` puts one project together.
"""
