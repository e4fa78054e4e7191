"""The text of a study.yaml as Python has it; what YAML permits and no study needs is refused like what is no YAML."""

from collections.abc import Hashable
from typing import Any

import yaml

# Many times the largest study.yaml; aliases can make a page of text as large as any memory, or endless.
MOST_VALUES, DEEPEST = 20_000, 20


class _Loader(yaml.SafeLoader):
    """YAML whose keys are text as written, so that a level may be called 1, and in which a date is text.

    An impossible date is then refused by its key; YAML's own reading ends in a traceback.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, keys as they are written."""
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="found a key that is not text", problem_mark=key.start_mark)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def read_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of the text, which know their lines, and the values they stand for.

    Raises:
        YAMLError: If the text is no YAML, is too large once its aliases are followed, or has a value unlike its tag.
    """
    try:
        node = yaml.compose(text, _Loader)
        _refuse_vast(node)
        return node, yaml.load(text, _Loader)
    except RecursionError as error:
        raise yaml.MarkedYAMLError(problem=f"it is nested deeper than {DEEPEST} levels") from error
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        # A number of thousands of digits, or a tag such as !!bool on what is none.
        raise yaml.MarkedYAMLError(problem=f"a value cannot be read ({error})") from error


def _refuse_vast(node: yaml.Node | None) -> None:
    waiting, values = [(node, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        values += 1
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"it is nested deeper than {DEEPEST} levels")
        if values > MOST_VALUES:
            raise yaml.MarkedYAMLError(problem=f"it has more than {MOST_VALUES} values")
        if isinstance(one, yaml.SequenceNode):
            waiting += ((item, depth + 1) for item in one.value)
        if isinstance(one, yaml.MappingNode):
            waiting += ((part, depth + 1) for pair in one.value for part in pair)
