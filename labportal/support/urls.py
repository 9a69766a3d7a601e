"""Addresses of this room: of the student's pages under /labs/, of those who teach under /classes/."""

from django.urls import path

from labportal.support import staff_views as staff
from labportal.support import student_views as student

app_name = "support"
urlpatterns = [
    path("labs/<slug:lab_id>/tasks/<slug:task_id>/help/", student.region, name="region"),
    path("labs/<slug:lab_id>/tasks/<slug:task_id>/help/raise/", student.raise_hand, name="raise"),
    path("labs/<slug:lab_id>/tasks/<slug:task_id>/help/lower/", student.lower, name="lower"),
    path("labs/<slug:lab_id>/tasks/<slug:task_id>/help/<row:receipt_id>/dismiss/", student.dismiss, name="dismiss"),
    path("labs/<slug:lab_id>/tasks/<slug:task_id>/help/<row:receipt_id>/accept/", student.accept, name="accept"),
    path("classes/<row:class_id>/hands/", staff.hands_up, name="hands"),
    path("classes/<row:class_id>/hands/<row:hand_id>/take/", staff.take, name="take"),
    path("classes/<row:class_id>/hands/<row:hand_id>/give-back/", staff.give_back, name="give_back"),
    path("classes/<row:class_id>/hands/<row:hand_id>/done/", staff.done, name="done"),
    path("classes/<row:class_id>/messages/", staff.sent, name="sent"),
    path("classes/<row:class_id>/messages/new/", staff.compose, name="compose"),
]
