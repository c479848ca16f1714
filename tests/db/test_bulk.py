"""Many rows at once, on whichever database the tests run."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from oblik.db import bulk
from oblik.registry.models import CodeCounter, Owner

COLUMNS = ["id", "code", "name", "kind"]
HARD = 'back\\slash \\N tab\tnew\nline "quotes" 100% Ї 🙂'


def owners(first, names):
    return [(first + i, f"O{first + i}", name, "state") for i, name in enumerate(names)]


@pytest.mark.django_db
def test_texts_arrive_as_they_are_however_hard():
    with transaction.atomic():
        first = bulk.reserve_ids(Owner, count=2)
        bulk.insert_rows(Owner, columns=COLUMNS, rows=owners(first, ["plain", HARD]))
        bulk.update_rows(Owner, columns=["name"], rows=[(HARD + HARD, first)])
    assert list(Owner.objects.order_by("id").values_list("name", flat=True)) == [HARD + HARD, HARD]


@pytest.mark.django_db
def test_reserved_ids_and_ordinary_inserts_never_meet():
    with transaction.atomic():
        Owner.objects.create(code="A", name="a", kind="state")
        first = bulk.reserve_ids(Owner, count=3)
        bulk.insert_rows(Owner, columns=COLUMNS, rows=owners(first, "xyz"))
        after = Owner.objects.create(code="B", name="b", kind="state")
        assert after.pk > first + 2
        assert bulk.reserve_ids(Owner, count=1) > after.pk


@pytest.mark.django_db(transaction=True)
def test_ids_are_reserved_inside_a_transaction_alone():
    with pytest.raises(RuntimeError, match="transaction"):
        bulk.reserve_ids(Owner, count=1)


@pytest.mark.django_db
@given(st.sets(st.integers(1, 60)), st.booleans())
def test_named_rows_are_exactly_the_wanted_ones(ids, dense):
    wanted = set(range(1, len(ids) + 1)) if dense else ids
    CodeCounter.objects.all().delete()
    CodeCounter.objects.bulk_create([CodeCounter(pk=i, prefix=str(i)) for i in range(1, 61)])
    found = [pk for q in bulk.named(wanted) for pk in CodeCounter.objects.filter(q).values_list("pk", flat=True)]
    assert sorted(found) == sorted(wanted)


@pytest.mark.django_db
def test_more_ids_than_a_database_takes_parameters():
    scattered = range(0, 600_000, 2)
    assert sum(CodeCounter.objects.filter(q).count() for q in bulk.named(scattered)) == 0
