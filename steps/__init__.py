"""The labs: what each task says, how it is carried out, how it is validated.

Plain Python. Nothing in here imports Django, Celery, an Azure SDK, the portal or
the practice cloud: Azure is reached through the protocol in ``steps.kit.azure``.
"""
