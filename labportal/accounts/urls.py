"""Addresses under /accounts/."""

from django.urls import path

from labportal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-up/", views.SignUp.as_view(), name="sign_up"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("guest/", views.start_as_guest, name="guest"),
]
