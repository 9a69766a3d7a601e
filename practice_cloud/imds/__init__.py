from starlette.applications import Starlette

from practice_cloud.cloud import Cloud
from practice_cloud.errors import azure_app


def build(cloud: Cloud) -> Starlette:
    return azure_app([])
