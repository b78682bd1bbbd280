"""Milestones and the nightly check (petitions/counting/monitoring.py): case 22."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.exceptions import ValidationError

from campaign.audit.models import Entry
from petitions.counting import events, monitoring, recount
from petitions.models import CountCheck, Milestone, Petition, Tally
from petitions.moderation import decisions
from petitions.tasks import check_counts, count
from tests.petitions.factories import make_confirmed, make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    user = User.objects.create_user("ada", "ada@coalition.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="change_petition"))
    User.objects.create_user("no-permission", "no@coalition.example", is_staff=True)
    return user


@pytest.fixture
def petition() -> Petition:
    petition = make_petition()
    Milestone.objects.create(petition=petition, count=2)
    return petition


def test_a_milestone_that_was_passed_without_an_event_is_noted_as_well(petition):
    """Counted anew, or by a worker that ended before it could look."""
    for number in range(2):
        make_confirmed(petition, f"p{number}@example.org")
    recount.recount()
    assert Milestone.objects.passed().exists()
    count()
    assert not Milestone.objects.open().exists()


def test_a_milestone_is_noted_once_and_told_to_staff_once(petition, staff, outbox_drained):
    first = make_confirmed(petition, "a@example.org")
    count()
    assert Milestone.objects.open().exists()
    make_confirmed(petition, "b@example.org")
    count()
    assert not Milestone.objects.open().exists()
    outbox_drained()
    told = [message for message in mail.outbox if message.to == ["ada@coalition.example"]]
    assert [message.subject for message in told] == ["2 signatures: Stop it"]
    assert "no@coalition.example" not in {address for message in mail.outbox for address in message.to}
    decisions.invalidate([first.pk], by="ada")
    count()
    decisions.restore_valid([first.pk], by="ada")
    count()
    outbox_drained()
    assert Entry.objects.filter(act="milestone.reached").count() == 1
    assert len([message for message in mail.outbox if message.to == ["ada@coalition.example"]]) == 1


def test_milestones_cost_one_look_while_nobody_confirms(petition, django_assert_num_queries):
    count()
    with django_assert_num_queries(7):  # a savepoint, the lock, the sums; a savepoint, the look
        count()


def test_a_reached_milestone_cannot_be_moved(petition):
    for number in range(2):
        make_confirmed(petition, f"p{number}@example.org")
    count()
    milestone = Milestone.objects.get()
    milestone.full_clean()
    milestone.count = 3
    with pytest.raises(ValidationError, match="stays"):
        milestone.full_clean()


def test_a_new_petition_has_milestones(petition):
    monitoring.add_first_milestones(petition)
    monitoring.add_first_milestones(petition)
    assert list(petition.milestones.values_list("count", flat=True)) == [2, 10_000, 100_000, 1_000_000, 10_000_000]


def test_a_night_without_differences_is_recorded_and_troubles_nobody(petition, staff, outbox_drained):
    make_confirmed(petition)
    outbox_drained()
    check_counts()
    assert CountCheck.objects.get().number == 0
    outbox_drained()
    assert all("wrong" not in message.subject for message in mail.outbox)


def test_a_wrong_count_is_mended_recorded_and_told_to_staff(petition, staff, client, outbox_drained):
    make_confirmed(petition)
    events.aggregate()
    Tally.objects.update(count=7)
    check_counts()
    assert recount.differences() == []
    check = CountCheck.objects.get()
    places = {difference["place"]: (difference["rows"], difference["shown"]) for difference in check.differences}
    assert (1, 7) in places.values()
    outbox_drained()
    assert mail.outbox[-1].subject == "A count of signatures was wrong and has been mended"
    staff.user_permissions.add(Permission.objects.get(codename="view_countcheck"))
    client.force_login(staff)
    page = f"/admin/petitions/countcheck/{check.pk}/change/"
    assert page in mail.outbox[-1].body
    assert "shown 7, signatures 1" in client.get(page).content.decode()
