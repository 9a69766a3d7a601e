"""An administrator looks things up and can delete them; what somebody said is not changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.support import hands
from labportal.support.models import Hand, Message, Note
from tests.portal.browsing import Browser, text
from tests.portal.walks import TASK
from tests.support.scene import Scene


@pytest.fixture
def admin(school: Scene) -> Browser:
    hands.raise_hand(school.session, TASK.id, "Which one?")
    school.teacher.post(school.of_class("support:compose"), {"text": "To all."})
    school.teacher.post(school.of_class("students:note", school.ada.pk), {"text": "Quick."})
    return Browser(User.objects.create_superuser("root"))


@pytest.mark.parametrize("model", [Hand, Message, Note])
def test_it_is_looked_up_and_not_changed(admin: Browser, model: type[Hand] | type[Message] | type[Note]) -> None:
    name = f"admin:support_{model._meta.model_name}"
    row = model._default_manager.get()
    assert str(model._meta.verbose_name) in text(admin.get(reverse(f"{name}_changelist")))
    assert admin.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert admin.post(reverse(f"{name}_change", args=[row.pk]), {"text": "other"}).status_code == 403
    assert admin.get(reverse(f"{name}_add")).status_code == 403
    admin.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"})
    assert not model._default_manager.exists()
