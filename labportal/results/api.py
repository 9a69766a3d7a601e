"""An interface for programs: reads one class, with a token. ``schemas`` has what it answers."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.openapi.schema import OpenAPISchema

from labportal.board.causes import causes_of
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from labportal.results import answers, problems, schemas
from labportal.results.bearer import Bearer, SoOften, TokenRequest
from labportal.results.reading import some_rows
from labportal.results.shape import MEDIA_TYPE
from steps.registry import LABS

ABOUT = (
    "Where the students of one class stand, and their points. A token is for one class, is made by an instructor on "
    "the page of its results, and only reads. Send it as `Authorization: Bearer …`, at most 120 times a minute. "
    "Whatever goes wrong is answered as a problem (RFC 9457)."
)


_ANY_OTHER = {
    "description": "Any other problem.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class ReadingApi(NinjaAPI):
    """Its answers are never kept on the way, and its problems are described as what they are."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        response.headers["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**more)
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
                operation["responses"]["default"] = _ANY_OTHER
        return document


api = ReadingApi(
    title="Lab portal",
    version="1",
    description=ABOUT,
    docs_url=None,
    urls_namespace="results:api",
    auth=Bearer(),
    throttle=SoOften(),
)
for kind, handler in problems.HANDLERS.items():
    api.add_exception_handler(kind, handler)

_WRONG = {401: schemas.Problem, 403: schemas.Problem, 429: schemas.Problem}
Cursor = Annotated[int, Query(ge=0, lt=2**63, description="What `next` said on the page before; 0 for the first.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many students a page has at most: 1 to 200.")]


@api.get("/class", response={200: schemas.ClassOut, **_WRONG}, operation_id="get_class", url_name="class")
def get_class(request: TokenRequest) -> schemas.ClassOut:
    """The class, what its tasks are worth, and how far it is."""
    return answers.class_out(request.auth.lab_class)


@api.get(
    "/students",
    response={200: schemas.Students, 422: schemas.Problem, **_WRONG},
    operation_id="list_students",
    url_name="students",
)
def list_students(request: TokenRequest, cursor: Cursor = 0, limit: Limit = 100) -> schemas.Students:
    """The students and where each stands, page by page, in the order in which they joined."""
    page = list(_after(request.auth.lab_class, cursor)[: limit + 1])
    items = [answers.student_out(one) for one in page[:limit]]
    return schemas.Students(items=items, next=_next(items, more=len(page) > limit))


@api.get(
    "/students/{int:student_id}",
    response={200: schemas.OneStudent, 404: schemas.Problem, **_WRONG},
    operation_id="get_student",
    url_name="student",
)
def get_student(request: TokenRequest, student_id: int) -> schemas.OneStudent:
    """One student, task by task."""
    lab_class = request.auth.lab_class
    rows = some_rows(lab_class, students_of(lab_class).filter(pk=student_id))
    if not rows:
        raise Http404
    return answers.one_student(rows[0])


@api.get("/causes", response={200: schemas.Causes, **_WRONG}, operation_id="list_causes", url_name="causes")
def list_causes(request: TokenRequest) -> schemas.Causes:
    """What stops students now, those whom the same thing stops together."""
    lab_class = request.auth.lab_class
    return schemas.Causes(items=[answers.cause_out(one) for one in causes_of(LABS[lab_class.lab_id], lab_class)])


@api.get(
    "/results",
    response={200: schemas.Results, 422: schemas.Problem, **_WRONG},
    operation_id="list_results",
    url_name="results",
)
def list_results(request: TokenRequest, cursor: Cursor = 0, limit: Limit = 100) -> schemas.Results:
    """Points, page by page, in the order in which the students joined."""
    lab_class = request.auth.lab_class
    rows = some_rows(lab_class, _after(lab_class, cursor)[: limit + 1])
    rules = answers.rules(lab_class)
    items = [answers.result_out(row, rules) for row in rows[:limit]]
    return schemas.Results(items=items, next=_next(items, more=len(rows) > limit))


def _after(lab_class: LabClass, cursor: int) -> QuerySet[Membership]:
    return students_of(lab_class).filter(pk__gt=cursor).order_by("pk")


def _next(items: list[schemas.StudentOut] | list[schemas.ResultOut], *, more: bool) -> int | None:
    return items[-1].id if more else None
