"""A programme's model is one by which answers can be scored."""

import json
from pathlib import Path

from tests.builders import MODEL
from tests.documents.organisations import a_file, refused


def test_a_model_by_a_rule_that_is_not_scored_is_refused_with_the_rules_that_are(tmp_path: Path) -> None:
    elements = [{**element, "items": element["items"][1]} for element in MODEL["elements"]]
    model = tmp_path / "mean.json"
    model.write_text(json.dumps({**MODEL, "rule": "mean", "elements": elements}), encoding="utf-8")

    assert [str(fault) for fault in refused(a_file(tmp_path, ("model: MODEL", f"model: {model}")))] == [
        (
            "organisation.yaml, line 14, programmes[0].model: found small by the rule mean; "
            "expected a model by a rule that is scored: no-gap or holistic"
        )
    ]
