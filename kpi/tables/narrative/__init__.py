"""What documents say in running text: targets in prose, targets of the whole department, amounts of the budget.

``prose`` turns targets in prose into rows of a table, ``department`` reads 部门整体 and 分项绩效目标, ``figures`` the
amounts; the words they go by stand in ``narrative.toml``, which ``words`` reads.
"""
