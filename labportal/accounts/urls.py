"""Addresses under /accounts/."""

from django.urls import path

from labportal.accounts import personal_views, views

app_name = "accounts"
urlpatterns = [
    path("", personal_views.account, name="account"),
    path("acts/", personal_views.acts, name="acts"),
    path("download/", personal_views.download, name="download"),
    path("delete/", personal_views.delete, name="delete"),
    path("sign-up/", views.SignUp.as_view(), name="sign_up"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("guest/", views.start_as_guest, name="guest"),
]
