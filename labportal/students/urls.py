"""Addresses under /classes/<class_id>/students/."""

from django.urls import path

from labportal.students import looking, views

app_name = "students"
urlpatterns = [
    path("<row:member_id>/", views.student, name="student"),
    path("<row:member_id>/attempts/<row:attempt_id>/", views.attempt, name="attempt"),
    path("<row:member_id>/tasks/<slug:task_id>/check/", views.check, name="check"),
    path("<row:member_id>/tasks/<slug:task_id>/reset/", views.reset, name="reset"),
    path("<row:member_id>/notes/", views.note, name="note"),
    path("<row:member_id>/notes/<row:note_id>/drop/", views.drop_note, name="drop_note"),
    path("<row:member_id>/as/", looking.lab, name="as_lab"),
    path("<row:member_id>/as/tasks/<slug:task_id>/", looking.task, name="as_task"),
    path("<row:member_id>/as/challenge/", looking.challenge, name="as_challenge"),
    path("<row:member_id>/as/clean-up/", looking.clean_up, name="as_clean_up"),
    path("<row:member_id>/as/history/", looking.history, name="as_history"),
    path("<row:member_id>/as/attempts/<row:attempt_id>/", looking.attempt, name="as_attempt"),
    path("<row:member_id>/as/ideas/", looking.ideas, name="as_ideas"),
]
