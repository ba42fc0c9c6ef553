"""What is asked of a Prefect server over HTTP; Prefect itself is never imported here."""

from collections.abc import Mapping

import httpx

WHEEL = "wheel/wheel"
"""The flow and the deployment that turn the wheel."""
PATIENCE_S = 5.0


class OutOfReach(Exception):
    """No Prefect server answers as expected at the address; the hourly turn will act."""


def answers(api_url: str) -> bool:
    """Say whether a Prefect server answers at the address."""
    try:
        # Without TLS there is nothing to verify; reading all certificates first would take longer than the answer.
        is_tls = api_url.startswith("https:")
        return httpx.get(f"{api_url}/health", timeout=PATIENCE_S, verify=is_tls).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def ask_for_run(api_url: str, *, key: str, of: str = WHEEL, parameters: Mapping[str, object] | None = None) -> str:
    """Ask for a run of a deployment and return the run's id; the same key asks for the same run.

    Raises OutOfReach where no server answers, or it knows no such deployment.
    """
    wish = {"idempotency_key": key, "parameters": dict(parameters or {}), "state": {"type": "SCHEDULED"}}
    try:
        with httpx.Client(base_url=api_url, timeout=PATIENCE_S) as server:
            deployment = server.get(f"/deployments/name/{of}").raise_for_status().json()["id"]
            made = server.post(f"/deployments/{deployment}/create_flow_run", json=wish).raise_for_status()
    except httpx.HTTPError as error:
        raise OutOfReach(f"{of} could not be asked for at {api_url}: {error}") from error
    return str(made.json()["id"])
