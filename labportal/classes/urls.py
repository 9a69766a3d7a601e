"""Addresses of this room; where they begin says labportal.urls."""

from django.urls import include, path

from labportal.classes import (
    invite_views,
    join_views,
    newcomers_views,
    people_views,
    rights_views,
    roster_views,
    settings_views,
    views,
)

app_name = "classes"
_of_a_class = [
    path("about/", views.about, name="about"),
    path("log/", rights_views.log, name="log"),
    path("log/<row:act_id>/", rights_views.log_line, name="log_line"),
    path("leave/", rights_views.leave, name="leave"),
    path("settings/", settings_views.settings, name="settings"),
    path("copy/", settings_views.copy, name="copy"),
    path("archive/", settings_views.archive, name="archive"),
    path("bring-back/", settings_views.bring_back, name="bring_back"),
    path("invite/", invite_views.invite, name="invite"),
    path("invite/qr.svg", invite_views.qr, name="qr"),
    path("invite/door/", invite_views.door, name="door"),
    path("invite/new-code/", invite_views.new_code, name="new_code"),
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.invite_one, name="invite_one"),
    path("people/<row:member_id>/", people_views.member, name="member"),
    path("people/<row:member_id>/remove/", people_views.remove, name="remove"),
    path("newcomers/", newcomers_views.newcomers, name="newcomers"),
    path("newcomers/answer/", newcomers_views.answer, name="answer"),
    path("newcomers/remove/", newcomers_views.put_out, name="put_out"),
    path("newcomers/<row:knock_id>/let-back/", newcomers_views.let_back, name="let_back"),
    path("invitations/", people_views.invitations, name="invitations"),
    path("invitations.csv", people_views.invitations_sheet, name="invitations_sheet"),
    path("invitations/<row:invitation_id>/withdraw/", people_views.withdraw_invitation, name="withdraw"),
    path("roster/", roster_views.roster, name="roster"),
]
urlpatterns = [
    path("join/", join_views.join, name="join"),
    path("join/<str:code>/", join_views.enter, name="enter"),
    path("invitations/<slug:token>/", join_views.invitation, name="invitation"),
    path("classes/", views.class_list, name="list"),
    path("classes/asked/<row:knock_id>/take-back/", newcomers_views.take_back, name="take_back"),
    path("classes/new/", settings_views.new, name="new"),
    path("classes/<row:class_id>/", include(_of_a_class)),
]
