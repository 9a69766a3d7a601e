"""Runs az with its own Python and writes down every request it sends: ``python listening.py FILE az-arguments…``.

az sends all it sends with requests.
"""

from __future__ import annotations

import json
import runpy
import sys
from typing import Any


def main() -> None:
    import requests

    file, sys.argv = sys.argv[1], ["az", *sys.argv[2:]]
    send = requests.Session.send

    def listening(self: Any, request: Any, **options: Any) -> Any:
        answer = send(self, request, **options)
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        told = {"method": request.method, "url": request.url, "body": body, "status": answer.status_code}
        with open(file, "a", encoding="utf-8") as written:
            written.write(json.dumps(told) + "\n")
        return answer

    requests.Session.send = listening  # type: ignore[method-assign]
    runpy.run_module("azure.cli", run_name="__main__")


if __name__ == "__main__":
    main()
