"""The built-in vocabulary holds together."""

from collections import defaultdict

from services.vocabulary.skills.built_in import DATA, LANGUAGES, NAMESPACE, built_in, built_in_vectors
from services.vocabulary.skills.isco import ISCO_UNIT_GROUPS

CONCEPTS = built_in().concepts


def test_there_are_enough_of_them_and_none_comes_twice() -> None:
    assert len(CONCEPTS) >= 320
    assert sum(len(path.read_text().splitlines()) - 1 for path in DATA.glob("*.csv")) == len(CONCEPTS)


def test_every_concept_has_an_id_of_ours_and_labels_in_german_and_english() -> None:
    for concept in CONCEPTS.values():
        assert concept.id.removeprefix(NAMESPACE).replace("-", "").isalnum(), concept.id
        assert all(label == label.strip() != "" for language in LANGUAGES for label in concept.labels[language].all()), (
            concept.id
        )


def test_occupations_are_unit_groups_of_isco_08() -> None:
    assert len(ISCO_UNIT_GROUPS) == 436
    assert all(concept.isco and ISCO_UNIT_GROUPS.issuperset(concept.isco) for concept in CONCEPTS.values())


def test_what_is_broader_exists_and_no_concept_is_above_itself() -> None:
    for concept in CONCEPTS.values():
        assert all(up in CONCEPTS for up in concept.broader), concept.id
        assert concept.id not in set(built_in().above(concept.id))
    tops = [concept.id for concept in CONCEPTS.values() if not concept.broader]
    assert len(tops) == 6


def test_a_label_means_one_concept() -> None:
    for language in LANGUAGES:
        owners: dict[str, set[str]] = defaultdict(set)
        for concept in CONCEPTS.values():
            for label in concept.labels[language].all():
                owners[label.casefold()].add(concept.id)
        assert {label: ids for label, ids in owners.items() if len(ids) > 1} == {}


def test_the_vectors_were_made_of_these_labels() -> None:
    assert built_in_vectors().shape == (len(CONCEPTS), 384)
