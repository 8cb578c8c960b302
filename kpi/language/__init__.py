"""A small model of our own over the field's wordings, and spaCy components for its values and wordings.

Nothing below imports this package; spaCy and jieba are loaded only when the model or a component is used.
"""

from kpi.language.models import is_shipped, sense

__all__ = ["is_shipped", "sense"]
