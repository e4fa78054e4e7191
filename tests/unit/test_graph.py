"""The graph from raw to release, and what an asset says of itself."""

import dagster as dg

from pipelines.definitions import MODELS, definitions
from pipelines.site import Site


def graph(tmp_path):
    return definitions(Site(home=tmp_path, studies=tmp_path)).resolve_asset_graph()


def test_graph(golden, tmp_path):
    nodes = graph(tmp_path)
    lines = [
        f"{key.to_user_string()} <- {', '.join(sorted(k.to_user_string() for k in nodes.get(key).parent_keys))}"
        for key in sorted(nodes.get_all_asset_keys(), key=lambda k: k.path)
    ]
    golden("graph.txt", "\n".join(line.rstrip(" <-") for line in lines) + "\n")


def test_an_asset_says_what_its_table_says(tmp_path):
    nodes = graph(tmp_path)
    for model in MODELS:
        node = nodes.get(dg.AssetKey(model.name.split(".")))
        assert model.description in node.description
        assert node.group_name == model.layer


def test_every_asset_is_partitioned_by_study(tmp_path):
    nodes = graph(tmp_path)
    assert {nodes.get(key).partitions_def.name for key in nodes.get_all_asset_keys()} == {"study"}


def test_every_rule_of_a_model_is_a_check_of_its_asset(tmp_path):
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph(tmp_path).asset_check_keys}
    assert checks == {(model.name.replace(".", "/"), rule.name) for model in MODELS for rule in model.rules}
