"""Every refusal has a code for programs and a sentence for people. Mapped to a response in one place."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Refusal(Exception):
    """A request that is not taken: what happened, and what to do."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.headers = status, code, message, headers


def too_many(seconds: int) -> Refusal:
    message = f"That was too fast. Wait {seconds} seconds and send it again."
    return Refusal(429, "too_many", message, {"Retry-After": str(seconds)})


def no_conversation() -> Refusal:
    return Refusal(401, "no_conversation", "This chat has ended or was never open. Open a new one.")


async def refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _response(error.status, error.code, error.message, error.headers)


async def refuse_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "wrong_method", 413: "too_large"}
    return _response(
        error.status_code,
        codes.get(error.status_code, "refused"),
        str(error.detail),
        dict(error.headers or {}),
    )


async def fail(request: Request, error: Exception) -> Response:
    """Anything unforeseen: no trace of the inside goes out."""
    message = "Something went wrong here. What you wrote before is kept. Send it again in a moment."
    return _response(500, "failed", message, None)


def _response(status: int, code: str, message: str, headers: dict[str, str] | None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)
