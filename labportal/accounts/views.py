"""Signing up, in and out, and starting as a guest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import CreateView

from labportal.accounts.forms import SignInForm, SignUpForm
from labportal.accounts.guests import BACKEND, TOO_MANY_NEW, begin_as_guest
from labportal.accounts.limits import NEWCOMERS, address_of
from labportal.accounts.models import User
from labportal.labs.services import open_session
from steps.registry import LABS


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the ways in."""
    return render(request, "home.html", {"labs": list(LABS.values())})


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = False  # a guest may want to sign in to an account they already have


@method_decorator(never_cache, name="dispatch")
class SignUp(RedirectURLMixin, CreateView):  # type: ignore[type-arg]  # generic for the type checker only
    """For new people and for guests who want to keep their work. Others are already signed up."""

    form_class = SignUpForm
    template_name = "accounts/sign_up.html"
    next_page = "labs:overview"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User) and not request.user.is_guest:
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if isinstance(self.request.user, User):
            # A copy: the form writes to it while validating, and the page still shows the guest if that fails.
            kwargs["instance"] = User.objects.get(pk=self.request.user.pk)
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {self.redirect_field_name: self.get_redirect_url()}

    def form_valid(self, form: ModelForm[Any]) -> HttpResponse:
        was_guest = form.instance.pk is not None
        if not was_guest and not NEWCOMERS.take(address_of(self.request)):
            form.add_error(None, TOO_MANY_NEW)
            return self.form_invalid(form)
        user = form.save()
        if was_guest:
            update_session_auth_hash(self.request, user)
            messages.success(self.request, f"Your work is now kept under the name {user.username}.")
        else:
            login(self.request, user, backend=BACKEND)
        return HttpResponseRedirect(self.get_success_url())


@require_POST
def start_as_guest(request: HttpRequest) -> HttpResponse:
    """One click from the front page to the first task. Whoever is signed in already just goes on."""
    lab = next(iter(LABS.values()))
    user = request.user if isinstance(request.user, User) else begin_as_guest(request)
    if user is None:
        messages.error(request, TOO_MANY_NEW)
        return redirect("home")
    open_session(user, lab.id)
    return redirect("labs:lab", lab.id)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks first: a guest who signs out cannot come back to their work."""
    if request.method == "POST":
        logout(request)
        return redirect("home")
    return render(request, "accounts/sign_out.html")
